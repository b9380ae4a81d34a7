import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Runs "$@" in the background, prints its pid on stderr, and ends it when stdin closes: the kernel closes that pipe
 * however the parent dies, kill -9 included. SIGCONT first, since a stopped process cannot act on SIGTERM.
 * After 10 s (100 × 0.1 s) without an exit it is killed. PATH may be empty here, and `sleep` is no builtin.
 */
const SUPERVISOR = `
exec 3<&0
"$@" 2>&1 3<&- & child=$!
echo "$child" >&2
exec 2>/dev/null
(
  PATH="$PATH:/usr/bin:/bin"
  while read -r line; do :; done <&3
  kill -CONT "$child"; kill -TERM "$child"
  tries=0
  while [ "$tries" -lt 100 ] && kill -0 "$child"; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL "$child"
) >/dev/null & watcher=$!
wait "$child"; code=$?
kill -KILL "$watcher"
exit "$code"
`

/** A child process that cannot outlive this one. */
export interface SupervisedChild {
  /** Of the command itself, not of its supervisor. */
  readonly pid: number
  /** Settles when the command has ended; never rejects. */
  readonly exited: Promise<void>
  hasExited(): boolean
  /** The last lines the command printed, oldest first. */
  lastLines(): readonly string[]
  /** Sends a signal to the command itself; does nothing once it has ended. */
  kill(signal: NodeJS.Signals): void
  /** Asks it to end (SIGTERM, after 10 s SIGKILL) and waits for that. */
  stop(): Promise<void>
}

export interface SupervisedChildOptions {
  /** Default: this process's folder. */
  readonly cwd?: string
  /** Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv
  /** Each line the command prints, stderr included. */
  readonly onLine?: (line: string) => void
  /** Runs as this user, without supplementary groups; only root may ask for it. Default: this process's user. */
  readonly user?: { readonly uid: number; readonly gid: number }
}

const KEPT_LINES = 40

/**
 * Starts `command`; it ends when this process does, however that happens. It gets its own session, so Ctrl-C in a
 * terminal reaches only us and we choose when it stops. Does not keep this process alive.
 *
 * @throws Error when the shell cannot be started or the command's pid is not heard.
 */
export async function superviseChild(
  command: string,
  args: readonly string[],
  options: SupervisedChildOptions = {},
): Promise<SupervisedChild> {
  const shell = spawn('/bin/sh', ['-c', SUPERVISOR, 'supervisor', command, ...args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...options.user,
  })
  const lines: string[] = []
  let ended = false
  const exited = new Promise<void>((resolve) => {
    shell.once('close', () => {
      ended = true
      resolve()
    })
  })
  // Writing to a supervisor that has gone must not surface as an unhandled 'error'.
  shell.stdin.on('error', () => undefined)
  eachLine(shell.stdout, (line) => {
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
    options.onLine?.(line)
  })
  const pid = await heardPid(shell)
  letGo(shell)

  return {
    pid,
    exited,
    hasExited: () => ended,
    lastLines: () => lines,
    kill(signal) {
      if (!ended) signalIfAlive(pid, signal)
    },
    async stop() {
      if (ended) return
      hold(shell)
      shell.stdin.end()
      await exited
    },
  }
}

function heardPid(shell: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    shell.once('error', reject)
    shell.once('close', () => reject(new Error('the supervisor ended before it told the pid')))
    if (shell.stderr !== null) eachLine(shell.stderr, (line) => resolve(Number(line)))
  })
}

function eachLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) take(part)
  })
}

interface Holdable {
  ref?(): unknown
  unref?(): unknown
}

function handles(shell: ChildProcess): Holdable[] {
  return [shell, shell.stdin, shell.stdout, shell.stderr].filter((handle) => handle !== null) as Holdable[]
}

function letGo(shell: ChildProcess): void {
  for (const handle of handles(shell)) handle.unref?.()
}

function hold(shell: ChildProcess): void {
  for (const handle of handles(shell)) handle.ref?.()
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
