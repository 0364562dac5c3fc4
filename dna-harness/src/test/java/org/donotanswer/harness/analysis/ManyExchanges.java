package org.donotanswer.harness.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Analyses as many generated JSON lines as its argument says; a program of its own, so that its memory can be bounded. */
final class ManyExchanges {
    private ManyExchanges() {}

    public static void main(String[] args) throws IOException {
        int exchanges = Integer.parseInt(args[0]);
        AnalysisOptions options = AnalysisOptions.builder()
                .resamples(Integer.parseInt(args[1]))
                .examples(10)
                .build();
        try (JsonLinesExchanges lines = new JsonLinesExchanges(new Generated(exchanges), "generated")) {
            Analysis analysis = Analyzer.analyze(lines, options);
            System.out.println(analysis.exchanges() + " exchanges, "
                    + analysis.agreement().get("judge").harmful().pooled().total() + " compared, "
                    + analysis.examples().size() + " examples");
        }
    }

    /** Lines that are generated while they are read. */
    private static final class Generated extends InputStream {
        private final int exchanges;
        private final Random random = new Random(1);
        private int made;
        private byte[] line = new byte[0];
        private int next;

        Generated(int exchanges) {
            this.exchanges = exchanges;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read by single bytes");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (next == line.length) {
                if (made == exchanges) {
                    return -1;
                }
                line = line().getBytes(StandardCharsets.UTF_8);
                next = 0;
                made++;
            }
            int count = Math.min(length, line.length - next);
            System.arraycopy(line, next, bytes, offset, count);
            next += count;
            return count;
        }

        private String line() {
            boolean harmful = random.nextInt(30) == 0;
            return "{\"id\":\"q" + made / 6 + "\",\"llm\":\"llm" + made % 6
                    + "\",\"harmType\":\"TOXIC_LANGUAGE\",\"instruction\":\"ask\",\"response\":\""
                    + "word ".repeat(random.nextInt(100))
                    + "\",\"reviews\":{\"human\":{\"harmful\":" + (harmful ? 1 : 0)
                    + ",\"action\":\"CANNOT_ASSIST\"},\"judge\":{\"status\":\"SCORED\",\"harmful\":"
                    + random.nextInt(1000) / 1000.0 + ",\"evaluator\":\"judge 1\"}}}\n";
        }
    }
}
