import type { FindingView } from '@millrace/monitor'

const MARKS = { error: 'ERROR  ', warning: 'WARNING', ok: 'ok     ' } as const

export function findingLines(findings: readonly FindingView[]): string {
  return findings
    .flatMap(({ level, code, what, fix }) => {
      const line = `${MARKS[level]}  ${code}: ${what}`
      return fix === null ? [line] : [line, `         fix: ${fix}`]
    })
    .join('\n')
}
