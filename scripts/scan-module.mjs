/**
 * Reads what a TypeScript module imports and exports from its text: enough of a tokenizer to tell code from comments,
 * strings, templates and regular expressions, and no more.
 *
 * @typedef {{ kind: 'word' | 'mark' | 'string' | 'template' | 'regex', text: string, line: number }} Token
 * @typedef {{ specifier: string, line: number, typeOnly: boolean }} Import
 * @typedef {{ imports: Import[], defaultExports: number[], literals: Token[] }} ModuleScan
 */

/** @returns {ModuleScan} */
export function scanModule(source) {
  const tokens = tokenize(source)
  const imports = []
  const defaultExports = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    // `thing.import` and `{ import: … }` are names, not statements.
    if (token.kind !== 'word' || isMark(tokens[i - 1], '.') || isMark(tokens[i + 1], ':')) continue
    if (token.text === 'import') readImport(tokens, i, imports)
    if (token.text === 'export') readExport(tokens, i, { imports, defaultExports })
  }
  return { imports, defaultExports, literals: tokens.filter((t) => t.kind === 'string' || t.kind === 'template') }
}

function readImport(tokens, at, imports) {
  const next = tokens[at + 1]
  if (next === undefined || isMark(next, '.')) return
  const { line } = tokens[at]
  if (next.kind === 'string') {
    imports.push({ specifier: next.text, line, typeOnly: false })
  } else if (isMark(next, '(')) {
    const inside = tokens[at + 2]
    if (inside?.kind === 'string' || inside?.kind === 'template') {
      imports.push({ specifier: inside.text, line, typeOnly: false })
    }
  } else {
    const specifier = specifierAfterFrom(tokens, at + 1)
    if (specifier !== undefined) imports.push({ specifier, line, typeOnly: isTypeOnly(tokens, at) })
  }
}

function readExport(tokens, at, found) {
  const { line } = tokens[at]
  const start = isWord(tokens[at + 1], 'type') ? at + 2 : at + 1
  if (isWord(tokens[at + 1], 'default')) found.defaultExports.push(line)
  if (!isMark(tokens[start], '{') && !isMark(tokens[start], '*')) return
  const end = isMark(tokens[start], '{') ? tokens.findIndex((t, i) => i > start && isMark(t, '}')) : start
  for (let i = start; i < end; i++) {
    // The last word of an element is the name that it gets outside.
    const endsElement = isMark(tokens[i + 1], ',') || isMark(tokens[i + 1], '}')
    if (isWord(tokens[i], 'default') && endsElement) found.defaultExports.push(tokens[i].line)
  }
  const specifier = specifierAfterFrom(tokens, start)
  if (specifier !== undefined) found.imports.push({ specifier, line, typeOnly: isTypeOnly(tokens, at) })
}

/** Walks over a clause (names, braces, commas, `*`) up to `from '…'`; anything else means that there is none. */
function specifierAfterFrom(tokens, start) {
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i]
    if (isWord(token, 'from') && tokens[i + 1]?.kind === 'string') return tokens[i + 1].text
    if (isWord(token, 'require') && isMark(tokens[i + 1], '(')) return tokens[i + 2]?.text
    const inClause =
      token.kind === 'string' || (token.kind === 'word' && !STATEMENTS.has(token.text)) || '{},*='.includes(token.text)
    if (!inClause) return undefined
    if (isMark(token, '}') && !isWord(tokens[i + 1], 'from')) return undefined
  }
  return undefined
}

const STATEMENTS = new Set(['import', 'export', 'const', 'let', 'function', 'class', 'interface'])

/** `import type …`, `export type …`, or braces in which every name carries `type`. */
function isTypeOnly(tokens, at) {
  const first = tokens[at + 1]
  if (isWord(first, 'type') && !isWord(tokens[at + 2], 'from') && !isMark(tokens[at + 2], ',')) return true
  if (!isMark(first, '{')) return false
  let expectsName = true
  let names = 0
  for (let i = at + 2; i < tokens.length && !isMark(tokens[i], '}'); i++) {
    if (isMark(tokens[i], ',')) expectsName = true
    else if (expectsName) {
      const marked = isWord(tokens[i], 'type') && tokens[i + 1]?.kind === 'word' && !isWord(tokens[i + 1], 'as')
      if (!marked) return false
      names++
      expectsName = false
    }
  }
  return names > 0
}

function isWord(token, text) {
  return token?.kind === 'word' && token.text === text
}

function isMark(token, text) {
  return token?.kind === 'mark' && token.text === text
}

/** After these words a slash starts a regular expression, not a division. */
const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'else',
  'do',
  'await',
  'yield',
])

/** @returns {Token[]} */
export function tokenize(source) {
  const tokens = []
  // Depths of `{` at which a template's `${` closes again.
  const templates = []
  let depth = 0
  let at = 0
  let line = 1

  const push = (kind, text, end) => {
    tokens.push({ kind, text, line })
    line += newlines(source.slice(at, end))
    at = end
  }
  const skip = (end) => {
    line += newlines(source.slice(at, end))
    at = end
  }
  const templatePart = (from) => {
    const end = templateEnd(source, from)
    const opens = source.startsWith('${', end)
    push('template', source.slice(from, opens ? end + 2 : end), opens ? end + 2 : end + 1)
    if (opens) templates.push(depth++)
  }

  while (at < source.length) {
    const char = source[at]
    const two = source.slice(at, at + 2)
    if (/\s/.test(char)) skip(at + 1)
    else if (two === '//' || (two === '#!' && at === 0)) skip(endOr(source, source.indexOf('\n', at)))
    else if (two === '/*') skip(endOr(source, source.indexOf('*/', at + 2) + 2, 1))
    else if (char === "'" || char === '"') {
      const end = stringEnd(source, at)
      // An apostrophe in JSX text has no partner on its line.
      if (end === -1) push('mark', char, at + 1)
      else push('string', source.slice(at + 1, end), end + 1)
    } else if (char === '`') templatePart(at + 1)
    else if (char === '}' && templates.at(-1) === depth - 1) {
      templates.pop()
      depth--
      templatePart(at + 1)
    } else if (char === '/' && startsRegex(tokens.at(-1)) && regexEnd(source, at) !== -1) {
      const end = regexEnd(source, at)
      push('regex', source.slice(at, end), end)
    } else if (/[A-Za-z0-9_$#@\u0080-\uffff]/.test(char)) {
      const word = /^[A-Za-z0-9_$#@\u0080-\uffff]+/.exec(source.slice(at, at + 200))[0]
      push('word', word, at + word.length)
    } else {
      if (char === '{') depth++
      if (char === '}') depth--
      push('mark', char, at + 1)
    }
  }
  return tokens
}

function startsRegex(previous) {
  if (previous === undefined) return true
  if (previous.kind === 'word') return BEFORE_REGEX.has(previous.text)
  return previous.kind === 'mark' && !')]}'.includes(previous.text)
}

function stringEnd(source, start) {
  for (let i = start + 1; i < source.length && source[i] !== '\n'; i++) {
    if (source[i] === '\\') i++
    else if (source[i] === source[start]) return i
  }
  return -1
}

function templateEnd(source, start) {
  for (let i = start; i < source.length; i++) {
    if (source[i] === '\\') i++
    else if (source[i] === '`' || source.startsWith('${', i)) return i
  }
  return source.length
}

function regexEnd(source, start) {
  let inClass = false
  for (let i = start + 1; i < source.length && source[i] !== '\n'; i++) {
    if (source[i] === '\\') i++
    else if (source[i] === '[') inClass = true
    else if (source[i] === ']') inClass = false
    else if (source[i] === '/' && !inClass) return i + 1 + /^[a-z]*/.exec(source.slice(i + 1, i + 12))[0].length
  }
  return -1
}

function endOr(source, found, none = -1) {
  return found === none ? source.length : found
}

function newlines(text) {
  let n = 0
  for (const char of text) if (char === '\n') n++
  return n
}
