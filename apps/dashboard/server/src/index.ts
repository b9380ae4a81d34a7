export { API_BASE } from './contract/index.js'
