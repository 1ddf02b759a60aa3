using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [(name = "smoke", worker = .smoke)]);

const smoke :Workerd.Worker = (
  modules = [
    (name = "smoke-worker.mjs", esModule = embed "smoke-worker.mjs"),
    (name = "smoke.mjs", esModule = embed "smoke.mjs"),
    (name = "index.js", esModule = embed "index.js"),
    (name = "cases.json", json = embed "cases.json"),
  ],
  compatibilityDate = "2026-11-01",
);
