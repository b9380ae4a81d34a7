#!/usr/bin/env node
import { main } from '../dist/main.js'

// Not awaited: where an app module never finishes loading, Node would add a warning of its own.
void main(process.argv.slice(2))
