/** Shown where the pages are not built. */
export const PLACEHOLDER_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Millrace</title>
  </head>
  <body>
    <h1>Millrace</h1>
    <p>The pages of the dashboard are not built. Build them with <code>pnpm build</code>, then start it again.</p>
    <p>The API answers already: <a href="./api/v1/openapi.json">its description</a>.</p>
  </body>
</html>
`
