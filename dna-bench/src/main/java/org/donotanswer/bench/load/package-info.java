/**
 * Measures guards under load: latencies at rates near what a guard can serve, and what happens beyond.
 *
 * <p>Arrivals follow a schedule that is drawn beforehand and never waits for the guard ({@code ArrivalSchedule}), and latencies count
 * from the scheduled time ({@code OpenLoop}). A loop that sends the next call when the last one has ended would leave out the calls
 * that should have come during a long one, which are the slowest ("coordinated omission").
 */
@NullMarked
package org.donotanswer.bench.load;

import org.jspecify.annotations.NullMarked;
