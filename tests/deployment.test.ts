import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.object({ test: z.array(z.string()), retries: z.int() }),
  ports: z.array(z.string()),
  volumes: z.array(z.string()),
  read_only: z.boolean().optional(),
});

const compose = z
  .object({
    services: z.object({ mongo: service, nats: service, statecart: service }).strict(),
    volumes: z.record(z.string(), z.unknown()),
  })
  .parse(parse(read("docker-compose.yml")));

describe("docker-compose.yml", () => {
  const { mongo, nats, statecart } = compose.services;

  it("gives each of the three services a health check that runs a program", () => {
    for (const one of [mongo, nats, statecart]) {
      expect(one.healthcheck.test[0]).toBe("CMD");
      expect(one.healthcheck.test.length).toBeGreaterThan(1);
    }
  });

  it("binds every port to loopback", () => {
    for (const one of [mongo, nats, statecart]) {
      expect(one.ports.every((port) => port.startsWith("127.0.0.1:"))).toBe(true);
    }
  });

  it("keeps the data of every service in a declared volume", () => {
    for (const one of [mongo, nats, statecart]) {
      const names = one.volumes.map((volume) => volume.split(":")[0]);
      expect(names.length).toBeGreaterThan(0);
      expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(names));
    }
  });

  it("starts MongoDB 8 as a replica set of one, which its health check initiates", () => {
    expect(mongo.image).toMatch(/^mongo:8\./);
    expect(mongo.command).toEqual(expect.arrayContaining(["--replSet", "rs0"]));
    expect(mongo.healthcheck.test.join(" ")).toContain("rs.initiate");
    expect(statecart.environment?.["MONGODB_URL"]).toContain("replicaSet=rs0");
  });

  it("starts NATS 2.14 or newer with JetStream on its volume", () => {
    const minor = /^nats:2\.(\d+)-alpine$/.exec(nats.image)?.[1];
    expect(Number(minor)).toBeGreaterThanOrEqual(14);
    expect(nats.command).toEqual(expect.arrayContaining(["-js", "-sd", "/data"]));
  });

  it("starts Statecart once both servers are healthy, on a read-only root", () => {
    expect(statecart.depends_on).toEqual({
      mongo: { condition: "service_healthy" },
      nats: { condition: "service_healthy" },
    });
    expect(statecart.read_only).toBe(true);
    expect(statecart.healthcheck.test.join(" ")).toContain("/readyz");
  });

  it("names only settings that settings.ts knows", () => {
    const known = read("settings.ts");
    for (const name of Object.keys(statecart.environment ?? {})) {
      expect(known).toContain(`"${name}"`);
    }
  });
});

describe("deploy/mongodb-users.js", () => {
  it("names every collection that is opened by name", () => {
    const granted = read("deploy/mongodb-users.js");
    const rooms = ["actors", "log", "payments", "privacy", "projections"];
    const files = rooms.flatMap((room) =>
      readdirSync(new URL(`../${room}`, import.meta.url)).map((file) => `${room}/${file}`),
    );
    const names = files.flatMap((file) =>
      [...read(file).matchAll(/\bcollection(?:<[^()]*>)?\(\s*"([a-z_]+)"/g)].map(
        ([, name]) => name,
      ),
    );
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !granted.includes(`"${name ?? ""}"`))).toEqual([]);
  });
});

describe("the Dockerfile", () => {
  const lines = read("Dockerfile").split("\n");

  it("builds in three stages on one base that the engines field accepts", () => {
    const bases = lines.filter((line) => line.startsWith("FROM")).map((line) => line.split(" ")[1]);
    expect(bases).toHaveLength(3);
    expect(new Set(bases)).toEqual(new Set(["node:24-bookworm-slim"]));
  });

  it("runs node itself, so that signals reach it, and not as root", () => {
    expect(lines).toContain("USER node");
    expect(lines).toContain('CMD ["node", "dist/main.js"]');
    expect(lines.some((line) => line.startsWith("HEALTHCHECK"))).toBe(true);
  });
});
