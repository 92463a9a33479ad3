// Hot enough to be compiled.
function hash(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum = (sum * 31 + i) | 0;
  return sum;
}
for (let i = 0; i < 200; i++) hash(10000);
