package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.classifier.embedded.training.SoftLabels;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.internal.Sha256;

/**
 * What a teacher says of exchanges. Immutable, hence thread-safe.
 *
 * @param assessments by exchange; one that was not scored is absent
 */
record TeacherLabels(Map<Exchange, Scored> assessments) {
    /** The number of exchanges after which the labels are written. */
    static final int BATCH_SIZE = 256;

    /** Reasons for which another attempt may have a score. */
    private static final Set<UnscoredReason> TRANSIENT = EnumSet.of(
            UnscoredReason.TIMEOUT, UnscoredReason.EVALUATOR_UNAVAILABLE, UnscoredReason.EVALUATOR_MISCONFIGURED);

    TeacherLabels {
        assessments = Collections.unmodifiableMap(new LinkedHashMap<>(assessments));
    }

    /** Returns the exchange of an example; the response is empty if there is none. */
    static Exchange exchange(TrainingExample example) {
        return Exchange.of(example.instruction(), example.response().orElse(""));
    }

    /**
     * Returns the labels of a teacher, which it is only asked for if the log does not have them.
     *
     * @throws IOException if the log cannot be written
     * @throws InterruptedException if the thread is interrupted; the labels of finished batches are in the log
     */
    static TeacherLabels of(
            SafetyEvaluator teacher, TeacherLog log, List<TrainingExample> examples, Progress.Starter starter)
            throws IOException, InterruptedException {
        Set<Exchange> all = new LinkedHashSet<>();
        examples.forEach(example -> all.add(exchange(example)));
        List<Exchange> asked =
                all.stream().filter(each -> log.find(each).isEmpty()).toList();
        Map<Exchange, Assessment> failed = new LinkedHashMap<>();
        try (Progress progress = starter.start(all.size() - asked.size(), all.size())) {
            for (int start = 0; start < asked.size(); start += BATCH_SIZE) {
                List<Exchange> batch = asked.subList(start, Math.min(asked.size(), start + BATCH_SIZE));
                ask(teacher, batch, log, failed);
                progress.stepBy(batch.size());
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while the teacher was asked");
                }
            }
        }
        return of(all, exchange -> log.find(exchange).or(() -> Optional.ofNullable(failed.get(exchange))));
    }

    private static void ask(
            SafetyEvaluator teacher, List<Exchange> batch, TeacherLog log, Map<Exchange, Assessment> failed)
            throws IOException {
        List<Exchange> known = new ArrayList<>();
        List<Assessment> found = new ArrayList<>();
        assess(teacher, batch).forEach((exchange, assessment) -> {
            if (assessment instanceof Unscored unscored && TRANSIENT.contains(unscored.reason())) {
                failed.put(exchange, assessment);
            } else {
                known.add(exchange);
                found.add(assessment);
            }
        });
        log.add(known, found);
    }

    /** Returns the assessments of exchanges, of which those without a response are instructions. */
    static Map<Exchange, Assessment> assess(SafetyEvaluator evaluator, Collection<Exchange> exchanges) {
        List<Exchange> responses =
                exchanges.stream().filter(each -> !each.hasBlankResponse()).toList();
        List<Assessment> ofResponses = evaluator.evaluateAll(responses);
        Map<Exchange, Assessment> assessments = new LinkedHashMap<>();
        for (int i = 0; i < responses.size(); i++) {
            assessments.put(responses.get(i), ofResponses.get(i));
        }
        exchanges.stream()
                .filter(Exchange::hasBlankResponse)
                .forEach(each -> assessments.put(each, evaluator.evaluateInstruction(each.instruction())));
        return assessments;
    }

    private interface Finder {
        Optional<Assessment> find(Exchange exchange);
    }

    private static TeacherLabels of(Collection<Exchange> exchanges, Finder finder) {
        Map<Exchange, Scored> scored = new LinkedHashMap<>();
        for (Exchange exchange : exchanges) {
            if (finder.find(exchange).orElse(null) instanceof Scored assessment) {
                scored.put(exchange, assessment);
            }
        }
        return new TeacherLabels(scored);
    }

    /**
     * Returns examples with the teacher's labels. Those that have no label at all are left out.
     *
     * @param share the teacher's share where an example has a label of its own, in [0, 1]
     */
    List<TrainingExample> applyTo(List<TrainingExample> examples, double share) {
        List<TrainingExample> taught = new ArrayList<>();
        for (TrainingExample example : examples) {
            Scored assessment = assessments.get(exchange(example));
            if (assessment != null) {
                taught.add(SoftLabels.of(assessment).applyTo(example, share));
            } else if (DistilData.isLabelled(example)) {
                taught.add(example);
            }
        }
        return taught;
    }

    /** Returns the SHA-256 of all labels, in their order. */
    String checksum() {
        MessageDigest digest = Sha256.digest();
        assessments
                .values()
                .forEach(assessment -> digest.update((assessment.toJson() + "\n").getBytes(StandardCharsets.UTF_8)));
        return Sha256.hex(digest.digest());
    }
}
