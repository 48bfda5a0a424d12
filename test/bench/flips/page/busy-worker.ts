/** Keeps a core busy until it is ended. */
const compute = () => {
  const until = performance.now() + 50;
  while (performance.now() < until);
  // A worker that never comes back cannot be ended everywhere.
  setTimeout(compute);
};
compute();
