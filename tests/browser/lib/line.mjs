// A line to the clinic that can fail, between a browser and the server: a TCP proxy with the three ways in which a phone's line
// fails.
//
// - `reset`: every connection breaks at once, and new ones are refused
// - `hole`: nothing arrives and nothing is said; what was sent arrives when the line is back, as TCP sends it again
// - `half-dead`: the same, but the connections of before stay silent for ever; only new ones work when the line is back

import { createServer, connect } from "node:net";

/** Opens a line to `base`. Answers with its own address, `cut(kind)`, `restore()` and `close()`. */
export async function openLine(base) {
  const target = new URL(base);
  let cut = "";
  const pairs = new Set();

  const server = createServer((near) => {
    if (cut === "reset") {
      near.on("error", () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const pair = { near, far, isDead: cut === "half-dead", held: [] };
    pairs.add(pair);
    const over = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    const pass = (to) => (chunk) => {
      if (pair.isDead) return;
      if (cut) pair.held.push([to, chunk]);
      else to.write(chunk);
    };
    near.on("data", pass(far));
    far.on("data", pass(near));
    // Over a silent line nobody hears that the other side hung up.
    const end = () => !cut && !pair.isDead && over();
    for (const socket of [near, far]) {
      socket.unref();
      socket.on("error", () => {});
      socket.on("close", end);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A walk that ended early leaves its line open; the run ends all the same.
  server.unref();

  return {
    base: `http://127.0.0.1:${server.address().port}`,
    cut(kind) {
      cut = kind;
      for (const pair of pairs) {
        if (kind === "reset") {
          pair.near.resetAndDestroy();
          pair.far.destroy();
          pairs.delete(pair);
        } else if (kind === "half-dead") {
          pair.isDead = true;
        }
      }
    },
    restore() {
      cut = "";
      for (const pair of pairs) {
        for (const [to, chunk] of pair.held.splice(0)) to.write(chunk);
      }
    },
    close() {
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
