#!/usr/bin/env node
import '../dist/make-credential.js'
