"use strict";

const byId = id => document.getElementById(id);
const log = byId("log");
const messages = byId("messages");
const turns = byId("turns");
const input = byId("message");
const send = byId("send");
const stop = byId("stop");

let controller = null;
let count = 0;

/** Turns the name of a constant, "HARMFUL_THING", into words: "Harmful thing". */
function readable(name) {
  const words = name.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function percent(probability) {
  if (probability === undefined) return "\u2013";
  if (probability > 0 && probability < 0.001) return "< 0.1 %";
  if (probability < 1 && probability > 0.999) return "> 99.9 %";
  return (100 * probability).toFixed(1) + " %";
}

function duration(micros) {
  return micros < 1000 ? micros + " \u00b5s" : (micros / 1000).toFixed(1) + " ms";
}

const OUTCOMES = { ALLOW: "Allowed", REVIEW: "For review", BLOCK: "Blocked" };

function scrollToEnd() {
  log.scrollTop = log.scrollHeight;
}

function addMessage(mine, text) {
  const item = byId("message-template").content.firstElementChild.cloneNode(true);
  item.classList.toggle("mine", mine);
  item.querySelector(".who").textContent = mine ? "You" : "Chatbot";
  item.querySelector(".text").textContent = text;
  messages.append(item);
  scrollToEnd();
  return item;
}

/** The entry of one turn in the panel. */
class Panel {
  constructor(number) {
    this.item = byId("turn-template").content.firstElementChild.cloneNode(true);
    this.micros = 0;
    this.parts = 0;
    this.set("h3", "Answer " + number);
    this.set(".outcome", "Checking\u2026");
    turns.prepend(this.item);
    byId("verdicts-none").hidden = true;
  }

  set(selector, text) {
    this.item.querySelector(selector).textContent = text;
  }

  show(verdict) {
    this.micros += verdict.latencyMicros;
    this.parts++;
    const outcome = this.item.querySelector(".outcome");
    outcome.className = "outcome " + verdict.outcome;
    outcome.textContent = verdict.window && verdict.released ? "Allowed so far" : OUTCOMES[verdict.outcome];
    this.set(".probability", percent(verdict.probability));
    this.set(".limit", verdict.threshold ? percent(verdict.threshold.value) + " (" + verdict.threshold.scope.toLowerCase().replaceAll("_", " ") + ")" : "\u2013");
    this.set(".reason", readable(verdict.reason));
    this.set(".action", verdict.action ? readable(verdict.action) : "\u2013");
    this.set(".harm", verdict.harmType ? readable(verdict.harmType) : "\u2013");
    this.set(".latency", duration(this.micros) + " in " + this.parts + (this.parts === 1 ? " check" : " checks"));
    this.gauge(verdict);
    this.row(verdict);
  }

  gauge(verdict) {
    const gauge = this.item.querySelector(".gauge");
    const probability = 100 * (verdict.probability ?? 0);
    gauge.className = "gauge " + verdict.outcome;
    gauge.setAttribute("aria-valuenow", probability.toFixed(1));
    gauge.setAttribute("aria-valuetext", percent(verdict.probability));
    gauge.querySelector(".level").style.width = probability + "%";
    gauge.querySelector(".threshold").style.left = 100 * (verdict.threshold?.value ?? 1) + "%";
  }

  row(verdict) {
    const row = document.createElement("tr");
    const chars = verdict.window ? verdict.window.start + "\u2013" + verdict.window.end : "all";
    for (const text of [chars, percent(verdict.probability), OUTCOMES[verdict.outcome]]) {
      const cell = document.createElement("td");
      cell.textContent = text;
      row.append(cell);
    }
    row.lastElementChild.className = verdict.outcome;
    this.item.querySelector(".parts").append(row);
  }

  close(word) {
    if (this.parts === 0 || word !== "") {
      this.set(".outcome", word || "Not judged");
    }
  }
}

/** One answer: its message, and its entry in the panel. */
class Answer {
  constructor(number) {
    this.message = addMessage(false, "");
    this.message.classList.add("open");
    this.message.setAttribute("aria-busy", "true");
    this.text = this.message.querySelector(".text");
    this.panel = new Panel(number);
    this.blocked = false;
  }

  take(event) {
    if (event.type === "text") {
      // What comes after a block is the replacement, and set apart from what it replaces.
      this.text.textContent += this.blocked && this.text.textContent === "" ? event.text.trimStart() : event.text;
      scrollToEnd();
    } else if (event.type === "verdict") {
      this.panel.show(event.verdict);
      if (!event.verdict.released) {
        this.blocked = true;
        this.text.textContent = "";
        this.message.classList.add("held");
        this.message.querySelector(".who").textContent = "Instead of the chatbot's answer";
      }
    } else if (event.type === "error") {
      throw new Error("the chatbot failed");
    }
  }

  end(word) {
    this.message.classList.remove("open");
    this.message.removeAttribute("aria-busy");
    this.panel.close(word);
    byId("status").textContent = word || (this.blocked ? "The answer was blocked and replaced." : "The answer is complete.");
  }
}

/** Passes on the events of a response, one JSON object per line, as they arrive. */
async function readEvents(response, take) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    lines.forEach(line => take(JSON.parse(line)));
  }
}

async function post(path, body, signal) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) {
    throw new Error("the server refused, with status " + response.status);
  }
  return response;
}

function setBusy(busy) {
  send.hidden = busy;
  stop.hidden = !busy;
  byId("suggestions").querySelectorAll("button").forEach(button => { button.disabled = busy; });
}

async function ask(message) {
  if (controller) {
    return;
  }
  controller = new AbortController();
  setBusy(true);
  addMessage(true, message);
  const answer = new Answer(++count);
  let word = "";
  try {
    await readEvents(await post("chat", { message }, controller.signal), event => answer.take(event));
  } catch (error) {
    word = error.name === "AbortError" ? "Stopped" : "Failed: " + error.message;
    await post("stop", {}).catch(() => {});
  }
  answer.end(word);
  controller = null;
  setBusy(false);
  if (matchMedia("(hover: hover)").matches) {
    input.focus();
  }
}

async function restart() {
  controller?.abort();
  await post("conversation", {});
  messages.replaceChildren();
  turns.replaceChildren();
  byId("verdicts-none").hidden = false;
  count = 0;
}

async function start() {
  await restart();
  const questions = await (await fetch("questions")).json();
  for (const question of questions) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = question;
    button.addEventListener("click", () => ask(question));
    byId("suggestions").append(button);
  }
  document.body.dataset.ready = "true";
}

byId("form").addEventListener("submit", event => {
  event.preventDefault();
  const message = input.value.trim();
  if (message && !controller) {
    input.value = "";
    ask(message);
  }
});
stop.addEventListener("click", () => controller?.abort());
byId("restart").addEventListener("click", restart);
byId("verdicts-toggle").addEventListener("click", event => {
  const open = byId("verdicts").classList.toggle("open");
  event.currentTarget.setAttribute("aria-expanded", String(open));
});
start();
