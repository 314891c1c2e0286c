import { LOCATIONS } from '../../kinds/locations.ts'
import { closest, didYouMean } from '../../model/closest.ts'
import { Failure } from '../failure.ts'

/** Ends the run when a location of the command line does not exist. */
export function checkLocations(locations: readonly string[]): void {
  for (const location of locations) {
    if (Object.hasOwn(LOCATIONS, location)) continue
    const meant = didYouMean(closest(location, Object.keys(LOCATIONS)))
    throw new Failure('usage', `there is no location ${JSON.stringify(location)}${meant}`, {
      hint: `known: ${Object.keys(LOCATIONS).join(', ')}`,
    })
  }
}
