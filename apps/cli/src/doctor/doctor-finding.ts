/** As the broker's own health check gives them. */
export interface DoctorFinding {
  readonly level: 'ok' | 'warning' | 'error'
  readonly code: string
  readonly what: string
  readonly fix: string | undefined
}

export function fine(code: string, what: string): DoctorFinding {
  return { level: 'ok', code, what, fix: undefined }
}

export function doubtful(code: string, what: string, fix: string): DoctorFinding {
  return { level: 'warning', code, what, fix }
}

export function wrong(code: string, what: string, fix: string): DoctorFinding {
  return { level: 'error', code, what, fix }
}
