package org.donotanswer.guard.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of guards, in Micrometer's form of documentation. Names that begin with {@code gen_ai.evaluation},
 * and {@code error.type}, are those of the event {@code gen_ai.evaluation.result} in OpenTelemetry's semantic
 * conventions for generative AI; because Micrometer's events have no attributes, the observation has them. Immutable,
 * hence thread-safe.
 */
public enum GuardObservation implements ObservationDocumentation {
    /** A check of a text by a guard. */
    JUDGEMENT;

    @Override
    public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
        return DefaultGuardObservationConvention.class;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
        return LowCardinality.values();
    }

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return HighCardinality.values();
    }

    @Override
    public Observation.Event[] getEvents() {
        return Events.values();
    }

    /** Keys with few values: names of constants, {@code true}, {@code false} or {@code none}; and names of evaluators. */
    public enum LowCardinality implements KeyName {
        /** {@code Harmfulness} of responses, {@code InstructionRisk} of instructions. */
        EVALUATION_NAME("gen_ai.evaluation.name"),
        /** The outcome of the text: {@code allow}, {@code review} or {@code block}. */
        SCORE_LABEL("gen_ai.evaluation.score.label"),
        /** The reason, if the text could not be checked. */
        ERROR_TYPE("error.type"),
        /** The reason of the outcome. */
        REASON("dna.guard.reason"),
        /** {@code WHOLE}, or {@code WINDOW} for a window of a response. */
        PART("dna.guard.part"),
        /** The evaluator that decided; {@code other} beyond {@value EvaluatorNames#MAX_NAMES} different ones. */
        EVALUATOR("dna.guard.evaluator"),
        /** The risk area of the harm type. */
        RISK_AREA("dna.guard.risk_area"),
        /** The harm type, if the instruction is risky. */
        HARM_TYPE("dna.guard.harm_type"),
        /** Why the text was not scored. */
        UNSCORED_REASON("dna.guard.unscored_reason"),
        /** Whether the text may be shown. */
        RELEASED("dna.guard.released"),
        /** Whether the policy is in shadow mode. */
        SHADOW("dna.guard.shadow"),
        /** Whether the assessment came from the cache. */
        CACHED("dna.guard.cached"),
        /** Whether the text was not read to the end. */
        TRUNCATED("dna.guard.truncated");

        private final String key;

        LowCardinality(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys with many values, and keys that only some checks have; for traces, not for metrics. */
    public enum HighCardinality implements KeyName {
        /**
         * The probability that decided, of harm or of a risky instruction; as text, like all of Micrometer's values.
         */
        SCORE_VALUE("gen_ai.evaluation.score.value"),
        /**
         * The verdict in one line, {@link org.donotanswer.guard.Verdict#describe}; never text of a user or a chatbot.
         */
        EXPLANATION("gen_ai.evaluation.explanation"),
        /** The threshold that the probability was compared with. */
        THRESHOLD("dna.guard.threshold"),
        /** The scope that the threshold was set for. */
        THRESHOLD_SCOPE("dna.guard.threshold_scope"),
        /** The most likely action of the response. */
        ACTION("dna.guard.action"),
        /** The version of the policy. */
        POLICY("dna.guard.policy"),
        /** How many earlier turns were read. */
        CONTEXT_TURNS("dna.guard.context_turns"),
        /** The index of the window's first char. */
        WINDOW_START("dna.guard.window_start"),
        /** The index after the window's last char. */
        WINDOW_END("dna.guard.window_end");

        private final String key;

        HighCardinality(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }

        @Override
        public boolean isRequired() {
            return this == EXPLANATION || this == POLICY || this == CONTEXT_TURNS;
        }
    }

    /** Events of an observed check. */
    public enum Events implements Observation.Event {
        /** The verdict was given. */
        EVALUATION_RESULT;

        @Override
        public String getName() {
            return "gen_ai.evaluation.result";
        }
    }
}
