package app;

import java.nio.file.Path;
import java.util.List;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.GuardedIterator;
import org.donotanswer.guard.stream.StreamGuard;

/** Guards responses with the embedded evaluator, then tries what needs optional dependencies. */
final class Main {
    private static final String INSTRUCTION = "What is the capital of France?";

    private interface Attempt {
        void run() throws Exception;
    }

    private Main() {}

    public static void main(String[] args) throws Exception {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                SafetyGuard guard = SafetyGuard.of(evaluator)) {
            System.out.println("checked: " + guard.check(INSTRUCTION, "It is Paris.").outcome());
            StringBuilder released = new StringBuilder();
            try (GuardedIterator response = StreamGuard.of(guard)
                    .iterate(Conversation.of(INSTRUCTION), List.of("It is ", "Paris.").iterator())) {
                response.forEachRemaining(released::append);
            }
            System.out.println("streamed: " + released);
            attempt(() -> AuditLog.open(Path.of("audit.jsonl")));
            attempt(() -> SafetyGuard.builder().evaluator(evaluator).cache(10).build());
        }
        for (String file : args) {
            attempt(() -> SafetyPolicy.read(Path.of(file)));
        }
        System.out.println("modules: " + SafetyGuard.class.getModule() + ", " + SafetyEvaluator.class.getModule());
    }

    private static void attempt(Attempt attempt) throws Exception {
        try {
            attempt.run();
        } catch (IllegalStateException e) {
            System.out.println("failed: " + e.getMessage());
        }
    }
}
