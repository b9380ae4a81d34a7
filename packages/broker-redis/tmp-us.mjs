import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import * as S from './dist/scripts.generated.js'
import { openRedisBroker } from './dist/index.js'
import { SUCCEEDED, generateJobId, encodeMessage } from '@millrace/core'
const s = await startRedisServer(); const r = new Redis(s.url)
const b = openRedisBroker({app:'x',url:s.url}); const lane={queue:'q',index:0}
const stat = async (n) => { const m = /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(await r.info('commandstats')); await r.config('RESETSTAT'); console.log(n, m ? (m[2]/m[1]).toFixed(1)+' us' : '-') }
const seat = await b.consumer.join(lane,{id:'w',leaseMs:10000})
const job=()=>({id:generateJobId(0),message:encodeMessage('bench.noop','{"x":1,"y":2}',Date.now())})
const P='millrace:{x/q/0}:'
for (let k=0;k<2;k++){
await r.config('RESETSTAT'); for(let i=0;i<3000;i++) await r.evalsha(S.exchangeScript.sha,1,P,'1','nobody','a','1','10000','1','0','0').catch(()=>{}); await stat('fenced exchange (prelude)')
for(let i=0;i<3000;i++){ await b.producer.enqueue(lane,[job()]); } await stat('enqueue 1')
for(let i=0;i<3000;i++){ const x=await seat.exchange({settlements:[],want:1,empty:false}); await seat.exchange({settlements:x.reservations.map(reservation=>({reservation,verdict:SUCCEEDED})),want:0,empty:false}) } await stat('take 1 + settle 1 (avg)')
for(let i=0;i<3000;i++) await seat.exchange({settlements:[],want:100,empty:false}); await stat('empty take')
}
r.disconnect(); await b.close(); await s.close()
