/** How to look at what the run has left in Redis. `broker`: the address that was given, if one was. */
export function furtherText(broker: string | undefined): string[] {
  const command = 'node apps/cli/bin/millrace.js'
  if (broker === undefined || broker === '') {
    return [
      'To look further, keep a Redis running and give its address to the demo and to the millrace command:',
      '  redis-server --save "" & export MILLRACE_BROKER=redis://127.0.0.1:6379',
      `  node apps/demo/dist/main.js && ${command} jobs --name demo --queue hostile --state failed`,
    ]
  }
  return [
    'To look further (MILLRACE_BROKER is set):',
    `  ${command} queues --name demo`,
    `  ${command} jobs --name demo --queue hostile --state failed`,
  ]
}
