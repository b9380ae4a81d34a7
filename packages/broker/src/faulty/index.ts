export type { Fault } from './fault-plan.js'
export { FaultPlan } from './fault-plan.js'
export type { BrokerVerb, FaultyBroker } from './faulty-broker.js'
export { faultyBroker } from './faulty-broker.js'
