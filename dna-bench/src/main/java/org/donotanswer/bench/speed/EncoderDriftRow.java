package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * How the probabilities of one head differ from those in 32-bit floats.
 *
 * @param engine what computed them
 * @param head the head
 * @param windows the number of windows that were compared
 * @param changedDecisions the number of windows whose most probable class is another
 * @param mean the mean over the windows of the greatest difference of a class
 * @param percentile99 its 99th percentile
 * @param max its maximum
 */
@JsonPropertyOrder({"engine", "head", "windows", "changedDecisions", "mean", "percentile99", "max"})
record EncoderDriftRow(
        String engine, String head, int windows, int changedDecisions, double mean, double percentile99, double max) {}
