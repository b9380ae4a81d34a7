// Before the first paint: the theme that was chosen by hand, if any. The choice is written by src/design/theme.ts.
{
  let chosen = null
  try {
    chosen = localStorage.getItem('millrace-theme')
  } catch {
    // Storage is forbidden: the system's theme it is.
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
}
