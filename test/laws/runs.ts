/** How many runs each law gets. Mutation testing, which repeats the laws for each mutant, asks for fewer. */
export const RUNS = Number(process.env.FAST_CHECK_RUNS ?? 1000)
