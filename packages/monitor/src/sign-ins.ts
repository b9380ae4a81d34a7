import type { SignInEntry } from '@millrace/broker'
import { callOptions, type MonitorScope } from './monitor-scope.js'

/** Who is signed in to the app's dashboards, kept where all of them see it. Keys are hashes: nobody can sign in with what the store has. */
export interface SignIns {
  begin(key: string, entry: SignInEntry): Promise<void>
  /** Undefined: never begun, ended, or its time is over. */
  read(key: string): Promise<string | undefined>
  /** As `begin`, but only where it has not ended: false otherwise. */
  renew(key: string, entry: SignInEntry): Promise<boolean>
  end(key: string): Promise<void>
}

/** Every call rejects with `BrokerUnavailableError` without a broker. */
export function createSignIns(scope: MonitorScope): SignIns {
  const port = async () => (await scope.broker()).signIns
  const options = callOptions(scope)
  return {
    begin: async (key, entry) => (await port()).begin(key, entry, options),
    read: async (key) => (await port()).read(key, options),
    renew: async (key, entry) => (await port()).renew(key, entry, options),
    end: async (key) => (await port()).end(key, options),
  }
}
