export { type RunOrder, runScenario } from './run/run-scenario.js'
export type { Scenario, ScenarioSize, Stage } from './run/scenario.js'
export { passed, type RunResult, type ScenarioReport, summary } from './run/scenario-report.js'
export { SCENARIOS, scenarioNamed } from './scenario-catalogue.js'
