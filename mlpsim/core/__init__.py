"""The numeric core: frozen specs and pure functions of arrays, without Qt."""
