import { afterAll, beforeAll, describe } from 'vitest'
import { coordinatorConformance } from '../src/conformance/index.js'
import { etcdCoordinator } from '../src/etcd/etcd-coordinator.js'
import { EtcdCluster, whyNoEtcd } from './etcd-server.js'

describe.skipIf(whyNoEtcd !== undefined)(whyNoEtcd ?? 'etcd', () => {
  let cluster: EtcdCluster
  beforeAll(async () => {
    cluster = await EtcdCluster.start()
  })
  afterAll(() => cluster.end())
  coordinatorConformance('etcd', { create: () => etcdCoordinator({ url: cluster.url, prefix: 'test' }) })
})
