import { READY_LINE } from './embedded-ready-line.js'
import { EmbeddedValkey } from './embedded-valkey.js'

/** The body of the child process that holds the embedded Valkey: `node embedded-valkey-process.js <port> <folder>`. */
async function main(port: number, folder: string): Promise<void> {
  const server = new EmbeddedValkey({ port, folder })
  process.once('SIGTERM', () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('embedded Valkey: the last save failed:', error)
        process.exit(1)
      },
    )
  })
  await server.start()
  console.log(READY_LINE)
}

main(Number(process.argv[2]), process.argv[3] ?? '').catch((error: unknown) => {
  console.error('embedded Valkey did not start:', error)
  process.exit(1)
})
