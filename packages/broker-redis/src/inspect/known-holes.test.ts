import { expect, test } from 'vitest'
import { knownHoles } from './known-holes.js'

const LUA_2025 = ['CVE-2025-49844', 'CVE-2025-46817', 'CVE-2025-46818']

test.each([
  ['redis', '7.0.15', ['CVE-2024-46981', ...LUA_2025]],
  ['redis', '7.2.6', ['CVE-2024-46981', ...LUA_2025, 'CVE-2026-23479']],
  ['redis', '7.4.6', ['CVE-2026-23479']],
  ['redis', '7.4.9', []],
  ['redis', '8.0.3', [...LUA_2025, 'CVE-2026-23479']],
  ['redis', '8.6.2', ['CVE-2026-23479']],
  ['redis', '8.6.3', []],
  ['redis', '8.8.0', []],
  ['valkey', '8.1.3', [...LUA_2025, 'CVE-2026-23479']],
  ['valkey', '9.0.3', ['CVE-2026-23479']],
  ['valkey', '9.0.4', []],
  ['redis', 'unstable', []],
] as const)('%s %s', (server, version, ids) => expect(knownHoles(server, version)).toEqual(ids))
