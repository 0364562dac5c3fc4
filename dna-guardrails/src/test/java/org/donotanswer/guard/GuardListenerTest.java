package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.Test;

class GuardListenerTest {
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final SafetyEvaluator evaluator = new SafetyEvaluator() {
        @Override
        public Assessment evaluate(Exchange exchange) {
            events.add("evaluated");
            return SampleVerdicts.SCORED;
        }

        @Override
        public Assessment evaluateInstruction(String instruction) {
            events.add("evaluated instruction");
            return Assessment.Scored.builder(name()).instructionRisk(1).build();
        }

        @Override
        public String name() {
            return "sample 1.0";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder(name(), "1").build();
        }

        @Override
        public void close() {}
    };

    private final GuardListener listener = new GuardListener() {
        @Override
        public Consumer<Verdict> started(Verdict.Subject subject, boolean window) {
            events.add("started " + subject + (window ? " window on " : " on ")
                    + Thread.currentThread().getName());
            return verdict -> events.add("ended " + verdict.reason());
        }

        @Override
        public void checked(Verdict verdict, String instruction, String text) {
            events.add("checked " + verdict.reason());
        }
    };

    private SafetyGuard.Builder guard() {
        return SafetyGuard.builder().evaluator(evaluator).listener(listener);
    }

    @Test
    void check_isReportedAtStartAndEnd() {
        String here = Thread.currentThread().getName();
        try (SafetyGuard guard = guard().build()) {
            guard.check("a", "b");
            guard.checkAsync(Conversation.of("a"), "b").join();
        }

        List<String> one = List.of("started RESPONSE on " + here, "evaluated", "ended HARMFUL", "checked HARMFUL");
        assertThat(events.subList(0, 4)).isEqualTo(one);
        assertThat(events.subList(4, 8)).isEqualTo(one);
        assertThat(events).hasSize(8);
    }

    @Test
    void everyKindOfCheck_isReported() {
        String here = Thread.currentThread().getName();
        try (SafetyGuard guard = guard().build()) {
            guard.checkWindow(Conversation.of("a"), "b", "", new Verdict.Window(0, 1));
            guard.checkInstruction("a");
            guard.block(Conversation.of("a"), Reason.IDLE_TIMEOUT, new Verdict.Window(0, 1));
        }

        assertThat(events)
                .containsExactly(
                        "started RESPONSE window on " + here,
                        "evaluated",
                        "ended HARMFUL",
                        "checked HARMFUL",
                        "started INSTRUCTION on " + here,
                        "evaluated instruction",
                        "ended RISKY_INSTRUCTION",
                        "checked RISKY_INSTRUCTION",
                        "started RESPONSE window on " + here,
                        "ended IDLE_TIMEOUT",
                        "checked IDLE_TIMEOUT");
    }

    @Test
    void listenerThatThrowsAtTheStartOrTheEnd_changesNothing_andOthersAreCalled() {
        GuardListener atTheStart = new GuardListener() {
            @Override
            public Consumer<Verdict> started(Verdict.Subject subject, boolean window) {
                throw new IllegalStateException("start");
            }

            @Override
            public void checked(Verdict verdict, String instruction, String text) {
                events.add("told");
            }
        };
        GuardListener atTheEnd = new GuardListener() {
            @Override
            public Consumer<Verdict> started(Verdict.Subject subject, boolean window) {
                return verdict -> {
                    throw new IllegalStateException("end");
                };
            }

            @Override
            public void checked(Verdict verdict, String instruction, String text) {
                events.add("told, too");
            }
        };
        Verdict verdict;
        try (SafetyGuard guard = SafetyGuard.builder()
                .evaluator(evaluator)
                .listener(atTheStart)
                .listener(atTheEnd)
                .listener(listener)
                .build()) {
            verdict = guard.check("a", "b");
        }

        assertThat(verdict.reason()).isEqualTo(Reason.HARMFUL);
        assertThat(events).endsWith("ended HARMFUL", "told", "told, too", "checked HARMFUL");
    }
}
