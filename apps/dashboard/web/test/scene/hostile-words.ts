/** Each would set `window.hit` where text becomes markup, a script or an address that is followed. */
export const HOSTILE_WORDS = [
  '<script>window.hit=1</script>',
  '<img src=x onerror="window.hit=1">',
  '"><svg onload="window.hit=1">',
  "'-window.hit=1-'",
  '</title><script>window.hit=1</script>',
  '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
  '<details open ontoggle="window.hit=1">',
  'javascript:window.hit=1',
  '{{constructor.constructor("window.hit=1")()}}',
  '<style>*{background:url("javascript:window.hit=1")}</style>',
  '\u202e<a href="javascript:window.hit=1">x</a>\u0000',
] as const
export const HOSTILE_TEXT = HOSTILE_WORDS.join(' ')
