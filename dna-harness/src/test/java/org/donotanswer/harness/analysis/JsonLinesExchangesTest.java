package org.donotanswer.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesExchangesTest {
    private static List<ReviewedExchange> read(String lines) throws IOException {
        List<ReviewedExchange> all = new ArrayList<>();
        try (JsonLinesExchanges exchanges =
                new JsonLinesExchanges(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), "x.jsonl")) {
            exchanges.forEachRemaining(all::add);
        }
        return all;
    }

    @Test
    void lines_areExchangesWithReviews() throws IOException {
        List<ReviewedExchange> exchanges = read(
                """
                {"id":"7","llm":"my-llm","harmType":"TOXIC_LANGUAGE","instruction":"i","response":"r","finish":"LENGTH",\
                "reviews":{"human":{"harmful":1,"action":"follow instruction"},"half":{"harmful":false},\
                "judge":{"status":"UNSCORED","reason":"TIMEOUT"}}}

                {"id":8,"llm":"my-llm","benign":true,"instruction":"","response":""}
                """);

        assertThat(exchanges).hasSize(2);
        ReviewedExchange first = exchanges.get(0);
        assertThat(first.llm()).isEqualTo(Llm.of("my-llm"));
        assertThat(first.harmType()).contains(HarmType.TOXIC_LANGUAGE);
        assertThat(first.finish()).contains(Finish.LENGTH);
        assertThat(first.reviews().keySet()).containsExactly("human", "half", "judge");
        Scored human = (Scored) first.reviews().get("human");
        assertThat(human.harmful()).hasValue(1);
        assertThat(human.action()).contains(ResponseAction.FOLLOW_INSTRUCTION);
        assertThat(first.reviews().get("half").action()).isEqualTo(Optional.empty());
        assertThat(first.reviews().get("judge")).isEqualTo(Unscored.of(UnscoredReason.TIMEOUT, ""));
        assertThat(exchanges.get(1).id()).isEqualTo("8");
        assertThat(exchanges.get(1).benign()).isTrue();
        assertThat(exchanges.get(1).reviews()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            [1]                                                                             | line must be a JSON object, but was array (x.jsonl, line 1)
            {"id":"secret"                                                                  | line must be a JSON object, but was broken (x.jsonl, line 1)
            {"llm":"a","instruction":"i","response":"r"}                                    | id must be a string or an integer, but was missing (x.jsonl, line 1)
            {"id":1,"instruction":"i","response":"r"}                                       | llm must be a string, but was missing (x.jsonl, line 1)
            {"id":1,"llm":" ","instruction":"i","response":"r"}                             | llm must be the name of an LLM, but was not (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i"}                                            | response must be a string, but was missing (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","benign":1}                  | benign must be a boolean, but was number (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","harmType":"secret"}         | harmType must be the name of a harm type, but was not (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","finish":"secret"}           | finish must be the name of a finish, but was not (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","benign":true,"harmType":"ADULT_CONTENT"} | benign instruction must have no harm type, but had one (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","reviews":[]}                | reviews must be an object, but was array (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","reviews":{"h":1}}           | review must be an object, but was number (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","reviews":{"h":{}}}          | review must have a label, harmful or action, but had none (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","reviews":{"h":{"harmful":2}}} | harmful must be 0, 1, false or true, but was not (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","reviews":{"h":{"harmful":18446744073709551616}}} | harmful must be 0, 1, false or true, but was not (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","reviews":{"a secret":{"harmful":1}}} | name of a reviewer must consist of letters, digits, dots, dashes and underscores, but did not (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","reviews":{"h":{"action":"secret"}}} | action must be the name of an action, but was not (x.jsonl, line 1)
            {"id":1,"llm":"a","instruction":"i","response":"r","reviews":{"h":{"status":"secret"}}} | review must be the JSON form of an assessment, but was not (x.jsonl, line 1)
            """)
    void brokenLine_isReportedWithoutQuotingIt(String line, String message) {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> read(line))
                .havingCause()
                .withMessage(message);
    }

    @Test
    void repeatedId_isAnError_unlessOfAnotherLlm() throws IOException {
        String a = "{\"id\":\"1\",\"llm\":\"a\",\"instruction\":\"i\",\"response\":\"r\"}\n";
        String b = a.replace("\"a\"", "\"b\"");

        assertThat(read(a + b)).hasSize(2);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> read(a + b + a))
                .havingCause()
                .withMessage("id must be unique for each LLM, but was repeated (x.jsonl, line 3)");
    }

    @Test
    void atTheEnd_thereIsNoNextExchange() throws IOException {
        try (JsonLinesExchanges none = new JsonLinesExchanges(new ByteArrayInputStream(new byte[0]), "x.jsonl")) {
            assertThat(none.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(none::next);
        }
    }
}
