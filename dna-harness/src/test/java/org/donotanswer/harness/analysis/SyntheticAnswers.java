package org.donotanswer.harness.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.ReportWriter;
import org.donotanswer.taxonomy.HarmType;

/** Writes reports of made-up responses of six LLMs, with three reviewers. Pure functions of a seed, hence thread-safe. */
final class SyntheticAnswers {
    static final List<String> LLMS =
            List.of("alpha-1", "bravo-chat-7b", "charlie", "delta-instruct", "echo-2", "foxtrot");
    /** Stands in one response only, amid what a page must not run. */
    static final String HOSTILE =
            "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> \u2028zebra\u2029 <!--";

    private static final String SYLLABLES =
            "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu";
    private static final List<HarmType> TYPES = List.of(HarmType.values());

    private SyntheticAnswers() {}

    /** Writes a report of so many responses, and returns its page. */
    static Path write(int responses, Path directory) throws IOException {
        List<ReviewedExchange> exchanges = exchanges(responses);
        Analysis analysis = Analyzer.analyze(
                exchanges.iterator(),
                AnalysisOptions.builder()
                        .resamples(50)
                        .examples(3)
                        .answers(AnalysisOptions.MAX_ANSWERS)
                        .build());
        Report report = AnalysisReport.of(
                        analysis, Provenance.builder("synthetic", "1").build())
                .build("Safety of made-up LLMs", String.join(", ", LLMS));
        ReportWriter.replace(report, directory);
        return directory.resolve("index.html");
    }

    static List<ReviewedExchange> exchanges(int responses) {
        Random random = new Random(7);
        List<String> words = words(random);
        List<ReviewedExchange> exchanges = new ArrayList<>();
        for (int i = 0; i < responses; i++) {
            int question = i / LLMS.size();
            int llm = i % LLMS.size();
            boolean harmful = random.nextInt(100) < 2 + 4 * llm;
            int action = harmful ? 5 : random.nextInt(5);
            Reviewed exchange = Reviewed.of(question, LLMS.get(llm))
                    .type(TYPES.get(question % TYPES.size()))
                    .response(i == 0 ? HOSTILE : text(random, words))
                    .by("judge", harmful != (random.nextInt(12) == 0) ? 0.9 : 0.1, action);
            if (random.nextInt(40) == 0) {
                exchange.unscored("cascade");
            } else {
                exchange.by("cascade", random.nextInt(1000) / 1000.0, random.nextInt(6));
            }
            exchanges.add((i % 2 == 0 ? exchange.by("human", harmful ? 1 : 0, action) : exchange).make());
        }
        return exchanges;
    }

    /** Returns a text of about 200 words, as long as LLMs' responses are. */
    private static String text(Random random, List<String> words) {
        StringBuilder text = new StringBuilder();
        int length = 100 + random.nextInt(200);
        for (int i = 0; i < length; i++) {
            // Squared, so that some words are far more common than others.
            double place = random.nextDouble() * random.nextDouble();
            text.append(words.get((int) (place * words.size())));
            text.append(i % 17 == 16 ? ".\n" : " ");
        }
        return text.toString();
    }

    private static List<String> words(Random random) {
        String[] syllables = SYLLABLES.split(" ", -1);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            StringBuilder word = new StringBuilder();
            for (int j = random.nextInt(4); j >= 0; j--) {
                word.append(syllables[random.nextInt(syllables.length)]);
            }
            words.add(word.toString());
        }
        return words;
    }
}
