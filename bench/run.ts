/**
 * `npm run bench` asks how fast commands are; `npm run bench -- sockets` how many live messages a
 * second go out; `npm run bench -- read` how long lists and reports take as history grows;
 * `npm run bench -- console` how the operators' console feels. Each is a program of its own.
 */
if (process.argv[2] === "sockets") await import("./sockets.ts");
else if (process.argv[2] === "read") await import("./read.ts");
else if (process.argv[2] === "console") await import("./console.ts");
else await import("./main.ts");
