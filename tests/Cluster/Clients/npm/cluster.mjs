// ioredis or node-redis against a cluster: basics, then a load until a line comes on stdin.
// Arguments: the client's name and a port of the cluster. Writes "basics ok", "ready" once the load runs, and a
// report as JSON at the end.
import assert from 'node:assert/strict';
import { once } from 'node:events';

const workers = 8;
const problemsMax = 20;
const [name, port] = process.argv.slice(2);

async function connectIoredis() {
  const { default: Redis } = await import('ioredis');
  const cluster = new Redis.Cluster([{ host: '127.0.0.1', port: Number(port) }]);
  await once(cluster, 'ready');
  return {
    call: (command, ...words) => cluster.call(command, ...words),
    raw: (command, ...words) => cluster.callBuffer(command, ...words),
    ask: (...words) => cluster.nodes('master')[0].call(...words),
    nodes: () => cluster.nodes('master').length,
    close: () => cluster.quit(),
  };
}

async function connectNodeRedis(protocol) {
  const { createCluster, RESP_TYPES } = await import('redis');
  const cluster = createCluster({
    rootNodes: [{ url: `redis://127.0.0.1:${port}` }],
    defaults: { RESP: protocol },
  });
  cluster.on('error', error => console.error(`event: ${error.message}`));
  await cluster.connect();
  const asBuffers = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };
  return {
    call: (command, ...words) => cluster.sendCommand(words[0], false, [command, ...words]),
    raw: (command, ...words) => cluster.sendCommand(words[0], false, [command, ...words], asBuffers),
    ask: (...words) => cluster.sendCommand(undefined, true, words),
    nodes: () => cluster.masters.length,
    close: () => cluster.close(),
  };
}

async function basics(client) {
  const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, i) => i % 256));
  assert.equal(await client.call('SET', `${name}:a`, everyByte), 'OK');
  assert.deepEqual(await client.raw('GET', `${name}:a`), everyByte);
  assert.equal(await client.call('SET', `${name}:a`, 'x', 'NX'), null);
  assert.equal(await client.call('INCR', `${name}:n`), 1);
  assert.equal(await client.call('INCRBY', `${name}:n`, '41'), 42);
  assert.equal(await client.call('MSET', `{${name}}x`, '1', `{${name}}y`, '2'), 'OK');
  assert.deepEqual(await client.call('MGET', `{${name}}x`, `{${name}}y`, `{${name}}none`), ['1', '2', null]);
  assert.equal(await client.call('EXPIRE', `${name}:n`, '1000'), 1);
  const left = await client.call('TTL', `${name}:n`);
  assert.ok(left > 990 && left <= 1000, `TTL ${left}`);
  const keys = Array.from({ length: 500 }, (_, i) => `${name}:batch:${i}`);
  await Promise.all(keys.map(key => client.call('SET', key, key)));
  assert.deepEqual(await Promise.all(keys.map(key => client.call('GET', key))), keys);
  await assert.rejects(async () => client.call('INCR', keys[0]), /not an integer/);
  const masters = /cluster_size:(\d+)/.exec(await client.ask('CLUSTER', 'INFO'))[1];
  assert.equal(client.nodes(), Number(masters));
}

const report = { operations: 0, errors: [], wrong: [], counters: {} };
let isStopped = false;

function note(kind, text) {
  if (report[kind].length < problemsMax) report[kind].push(text);
}

async function step(client, worker, turn) {
  const counter = `${name}:count:${worker}:${turn % 16}`;
  const key = `${name}:load:${worker}:${turn % 64}`;
  try {
    const count = await client.call('INCR', counter);
    await client.call('SET', key, String(turn));
    const found = await client.call('GET', key);
    report.operations += 3;
    const wanted = (report.counters[counter] ?? 0) + 1;
    report.counters[counter] = wanted;
    if (count !== wanted) note('wrong', `${counter} is ${count}, not ${wanted}`);
    if (found !== String(turn)) note('wrong', `${key} is ${found}, not ${turn}`);
  } catch (error) {
    note('errors', `${error.name}: ${error.message}`);
  }
}

async function work(client, worker, onWarm) {
  for (let turn = 0; !isStopped; turn++) {
    await step(client, worker, turn);
    if (turn === 100) onWarm();
  }
}

const protocol = name === 'node-redis-3' ? 3 : 2;
const client = name === 'ioredis' ? await connectIoredis() : await connectNodeRedis(protocol);
await basics(client);
console.log('basics ok');
const warm = [];
const running = Array.from({ length: workers }, (_, worker) => {
  let onWarm;
  warm.push(new Promise(resolve => { onWarm = resolve; }));
  return work(client, worker, onWarm);
});
await Promise.all(warm);
console.log('ready');
process.stdin.resume();
await once(process.stdin, 'data');
isStopped = true;
await Promise.all(running);
await client.close();
console.log(JSON.stringify(report));
process.exit(0);
