/** Of this package; what workers announce. Checked against package.json by a test. */
export const VERSION = '0.1.0'
