#!/usr/bin/env node
import { NODE_FIX, supportsNode } from '../dist/node-range.js'

if (supportsNode(process.versions.node)) {
  const { main } = await import('../dist/main.js')
  // Not awaited: where an app module never finishes loading, Node would add a warning of its own.
  void main(process.argv.slice(2))
} else {
  process.exitCode = 1
  process.stderr.write(`error: Node ${process.versions.node} is not supported. ${NODE_FIX}\n`)
}
