package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the resident memory of this process. Thread-safe. */
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int KIB_PER_MIB = 1_024;

    private ResidentMemory() {}

    /**
     * Returns the resident memory in units of 2^20 bytes; NaN if the system does not report it.
     *
     * @throws IOException if it cannot be read
     */
    public static double megabytes() throws IOException {
        return megabytes("VmRSS:");
    }

    /**
     * Returns the most that the resident memory ever was, in units of 2^20 bytes; NaN if the system does not report it.
     *
     * @throws IOException if it cannot be read
     */
    static double peakMegabytes() throws IOException {
        return megabytes("VmHWM:");
    }

    private static double megabytes(String field) throws IOException {
        if (!Files.isReadable(STATUS)) {
            return Double.NaN;
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(field)) {
                return Double.parseDouble(line.replaceAll("\\D", "")) / KIB_PER_MIB;
            }
        }
        return Double.NaN;
    }
}
