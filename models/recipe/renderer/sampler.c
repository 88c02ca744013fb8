// A shared library of the sampler alone: z in, the attributes of the picture as one row of numbers out; nothing is drawn.
// A row: every number of FLOATS but jitter, the shape axes, then for every choice of ENUMS one number for each option (1 for the chosen one).
#include "params.h"

static int options(const char *name, int chosen, const char **names, float *out, char *text) {
  int n = 0;
  for (; names[n]; n++) {
    if (out) out[n] = n == chosen;
    if (text) sprintf(text + strlen(text), "%s=%s\n", name, names[n]);
  }
  return n;
}

// Writes a row to `row` and the columns' names, one a line, to `text` (either may be null); returns the number of columns.
static int describe(const Params *p, float *row, char *text) {
  int k = 0;
#define X(n) \
  if (strcmp(#n, "jitter")) { \
    if (row) row[k] = p->n; \
    if (text) sprintf(text + strlen(text), "%s\n", #n); \
    k++; \
  }
  FLOATS(X)
#undef X
  for (int a = 0; a < naxes; a++, k++) {
    if (row) row[k] = p->shape[a];
    if (text) {
      const char *s = strchr(axes[a].name, '/') + 1;
      if (!strncmp(s, "l-", 2)) s += 2;
      sprintf(text + strlen(text), "shape.%s%s%s\n", s, axes[a].neg ? "-" : "", axes[a].neg ? axes[a].pos : "");
    }
  }
#define X(n, names) k += options(#n, p->n, names, row ? row + k : 0, text);
  ENUMS(X)
#undef X
  return k;
}

int columnNames(char *text) {
  Params p;
  memset(&p, 0, sizeof p);
  *text = 0;
  return describe(&p, 0, text);
}

void rowsFromZ(const float *z, long n, float *rows) {
  int width = describe(&(Params){0}, 0, 0);
  for (long k = 0; k < n; k++) {
    Params p = paramsFromZ(z + k * ZDIM);
    describe(&p, rows + k * width, 0);
  }
}

void zFromSeeds(uint64_t first, long n, float *z) {
  for (long k = 0; k < n; k++) zSample(first + k, z + k * ZDIM);
}
