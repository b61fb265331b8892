// What the pool told: calls as a stream, messages, people and drills as answers. Memory is bounded.

import { getJson } from "./dom.js";

/// The pool itself remembers no more calls.
const MAX_CALLS = 2000;
const RETRY = 1000;

export class Store {
  /// `changed()` is called for each frame that shows what has arrived, `state(name)` when the connection changes.
  constructor({ changed, state, forgotten }) {
    Object.assign(this, { changed, state, forgotten });
    this.calls = [];
    this.running = [];
    this.messages = [];
    this.pools = [];
    this.people = [];
    this.drills = [];
    this.queue = [];
    this.run = null;
    this.last = 0;
    // How often everything was forgotten. An answer to a question from before is about something else.
    this.generation = 0;
  }

  connect() {
    const source = new EventSource(`/_dev/calls?since=${this.last}`);
    source.addEventListener("start", (event) => {
      const { run } = JSON.parse(event.data);
      if (this.run !== null && this.run !== run) this.#forget();
      this.run = run;
      this.state("live");
      this.refresh();
    });
    source.addEventListener("reset", () => this.#forget());
    source.addEventListener("running", (event) => {
      this.running = JSON.parse(event.data).calls.map((call) => ({ ...call, running: true, text: [call.operation, call.userName, call.clientId].join(" ").toLowerCase() }));
      this.#schedule();
    });
    source.addEventListener("message", (event) => {
      this.queue.push(JSON.parse(event.data));
      if (this.queue.length > MAX_CALLS) this.queue.shift();
      this.#schedule();
    });
    source.addEventListener("error", () => {
      // A browser repeats its request with an old number; a new connection asks for what comes after the last call.
      source.close();
      this.running = [];
      this.state("lost");
      setTimeout(() => this.connect(), RETRY);
    });
  }

  #forget() {
    Object.assign(this, { calls: [], running: [], messages: [], people: [], queue: [], last: 0, generation: this.generation + 1 });
    this.forgotten();
    this.refresh();
    this.#schedule();
  }

  /// Lets the next frame show what has arrived, but no more than ten frames in a second: nobody reads faster.
  #schedule() {
    if (this.waiting) return;
    this.waiting = true;
    const wait = Math.max(0, (this.drawn ?? 0) + 100 - performance.now());
    setTimeout(() => requestAnimationFrame(() => {
      this.waiting = false;
      this.drawn = performance.now();
      const arrived = this.queue;
      this.queue = [];
      for (const call of arrived) {
        call.text = [call.operation, call.userName, call.clientId, call.error?.class].join(" ").toLowerCase();
        this.calls.push(call);
        this.last = call.seq;
      }
      if (this.calls.length > MAX_CALLS) this.calls = this.calls.slice(-MAX_CALLS);
      this.changed(arrived);
      if (arrived.length > 0) this.refresh();
    }), wait);
  }

  /// Asks for messages, pools, people and drills: at most once a second, and not while the page is hidden.
  refresh() {
    if (this.refreshing) return;
    this.refreshing = true;
    const wait = Math.max(0, (this.refreshed ?? 0) + 1000 - performance.now());
    setTimeout(async () => {
      this.refreshing = false;
      this.refreshed = performance.now();
      try {
        const since = this.messages.at(-1)?.seq ?? 0;
        const generation = this.generation;
        const [messages, pools, { drills }] = await Promise.all([getJson(`/_dev/messages?since=${since}`), getJson("/_dev/pools"), getJson("/_dev/fail")]);
        if (generation !== this.generation) return;
        const known = new Set(this.messages.map((message) => message.seq));
        this.messages = [...this.messages, ...messages.filter((message) => !known.has(message.seq))].slice(-MAX_CALLS);
        this.pools = pools.userPools;
        this.drills = drills;
        await this.#people();
        this.changed([]);
      } catch {
        // The stream tells that the connection is lost, and asks again when it is back.
      }
    }, wait);
  }

  /// The pools whose people are asked for. A search is left to the pool, because it may have many.
  lookFor({ pool, search }) {
    this.wanted = { pool, search };
    this.refresh();
  }

  async #people() {
    const generation = this.generation;
    const { pool = "", search = "" } = this.wanted ?? {};
    const pools = this.pools.filter((known) => pool === "" || known.id === pool).slice(0, 20);
    const answers = await Promise.all(pools.map(({ id }) => {
      const query = new URLSearchParams({ userPoolId: id, search });
      return getJson(`/_dev/people?${query}`);
    }));
    if (generation !== this.generation) return;
    this.people = answers.flatMap((answer) => answer.people);
    this.hasMore = answers.some((answer) => answer.next !== null);
  }
}
