package analyzer

// Declared reads what a package declares, for tests of its facts.
var Declared = declared
