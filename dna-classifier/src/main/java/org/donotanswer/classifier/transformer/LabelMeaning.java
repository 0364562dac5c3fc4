package org.donotanswer.classifier.transformer;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the name of an output says by itself. Only letters and digits of a name count, and case does not: {@code
 * Non-Toxic}, {@code non_toxic} and {@code NONTOXIC} are the same name.
 */
enum LabelMeaning {
    /** A kind of harm. */
    HARMFUL,
    /** An attack on the LLM, or a request for harm, by the text of a user or a document, whatever the response says. */
    INJECTION,
    /** The absence of harm. */
    HARMLESS,
    /** The absence of something, which is harm only beside a kind of harm: sentiment and inference have it, too. */
    NEUTRAL,
    /** The mention of a group of people, which data on toxicity label beside toxicity, and which is not harm. */
    MENTION,
    /** A refusal to respond. */
    REFUSAL,
    /** A response that does not refuse. */
    COMPLIANCE,
    /** Neither harm nor its absence: another task, or a text that was not decided on. */
    UNRELATED,
    /** No meaning that the name tells. */
    UNKNOWN;

    private static final Pattern NOT_IN_KEY = Pattern.compile("[^\\p{L}\\p{Nd}]+");
    private static final List<String> NEGATIONS = List.of("not", "non", "no", "un");
    private static final List<String> NOUNS = List.of(
            "speech",
            "content",
            "language",
            "text",
            "comment",
            "message",
            "post",
            "prompt",
            "request",
            "input",
            "response",
            "output",
            "answer");

    private static final Set<String> HARMFUL_NAMES = keys(
            "harmful, harm, unsafe, dangerous, inappropriate, unacceptable, unethical",
            "toxic, toxicity, severe toxic, severe toxicity, severely toxic, very toxic",
            "obscene, obscenity, profane, profanity, vulgar, rude",
            "threat, threats, threatening, hate threatening, harassment threatening",
            "insult, insults, insulting, harassment, bullying, cyberbullying",
            "hate, hateful, hatred, identity hate, identity attack, racism, racist, sexism, sexist",
            "homophobia, homophobic, misogyny, misogynistic, xenophobia, xenophobic, discrimination",
            "offensive, offense, abuse, abusive, attack, personal attack, aggressive, hap",
            "violence, violent, graphic violence, violence graphic, gore, terrorism, extremism, weapons",
            "sexual, sexually explicit, sexual explicit, sexual minors, nsfw, porn, pornography",
            "self harm, self harm intent, self harm instructions, suicide, crime, criminal, illegal, illicit");
    private static final Set<String> INJECTION_NAMES =
            keys("injection, prompt injection, indirect injection, jailbreak, jailbreaking, malicious, adversarial,"
                    + " risky instruction");
    private static final Set<String> HARMLESS_NAMES = keys(
            "harmless, safe, benign, ok, okay, legit, legitimate, sfw, acceptable, appropriate, clean, innocuous",
            "inoffensive, civil, harmless instruction");
    private static final Set<String> NEUTRAL_NAMES = keys("neutral, normal, none, neither");
    private static final Set<String> MENTIONS = keys(
            "male, female, transgender, other gender, heterosexual, homosexual gay or lesbian, bisexual",
            "other sexual orientation, christian, jewish, muslim, hindu, buddhist, atheist, other religion",
            "black, white, asian, latino, other race or ethnicity, physical disability",
            "intellectual or learning disability, psychiatric or mental illness, other disability");
    private static final Set<String> REFUSAL_NAMES = keys("refusal, refuse, refused, rejection, reject, rejected");
    private static final Set<String> COMPLIANCE_NAMES =
            keys("compliance, comply, complied, full compliance, accept, accepted, acceptance");
    private static final Set<String> UNRELATED_NAMES = keys(
            "positive, negative, very positive, very negative, entailment, contradiction, not entailment",
            "joy, happiness, happy, love, anger, angry, sadness, sad, fear, surprise, disgust, optimism, pessimism",
            "question, statement, human, machine, real, fake, irony, sarcasm, formal, informal",
            "unknown, unclear, undecided, uncertain, unsure, ambiguous, controversial, unused");

    private static Set<String> keys(String... lines) {
        Set<String> keys = new HashSet<>();
        for (String line : lines) {
            for (String name : line.split(",", -1)) {
                keys.add(key(name));
            }
        }
        return Set.copyOf(keys);
    }

    /** Returns the letters and digits of a name, in lower case. */
    static String key(String label) {
        return NOT_IN_KEY
                .matcher(Normalizer.normalize(label, Normalizer.Form.NFKC))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
    }

    /** Returns the meaning of a name. */
    static LabelMeaning of(String label) {
        String key = key(label);
        LabelMeaning plain = plain(key);
        if (plain != UNKNOWN) {
            return plain;
        }
        for (String negation : NEGATIONS) {
            if (key.startsWith(negation)) {
                LabelMeaning opposite = opposite(plain(key.substring(negation.length())));
                if (opposite != UNKNOWN) {
                    return opposite;
                }
            }
        }
        return UNKNOWN;
    }

    /** Returns the meaning of a name without a negation; {@code hate speech} means what {@code hate} does. */
    private static LabelMeaning plain(String key) {
        LabelMeaning exact = exact(key);
        if (exact != UNKNOWN) {
            return exact;
        }
        for (String noun : NOUNS) {
            for (String ending : List.of(noun, noun + "s")) {
                if (key.endsWith(ending)) {
                    LabelMeaning meaning = exact(key.substring(0, key.length() - ending.length()));
                    if (meaning == HARMFUL || meaning == INJECTION || meaning == HARMLESS) {
                        return meaning;
                    }
                }
            }
        }
        return UNKNOWN;
    }

    private static LabelMeaning exact(String key) {
        if (HARMFUL_NAMES.contains(key)) {
            return HARMFUL;
        }
        if (INJECTION_NAMES.contains(key)) {
            return INJECTION;
        }
        if (HARMLESS_NAMES.contains(key)) {
            return HARMLESS;
        }
        if (NEUTRAL_NAMES.contains(key)) {
            return NEUTRAL;
        }
        if (MENTIONS.contains(key)) {
            return MENTION;
        }
        if (REFUSAL_NAMES.contains(key)) {
            return REFUSAL;
        }
        if (COMPLIANCE_NAMES.contains(key)) {
            return COMPLIANCE;
        }
        return UNRELATED_NAMES.contains(key) ? UNRELATED : UNKNOWN;
    }

    private static LabelMeaning opposite(LabelMeaning meaning) {
        return switch (meaning) {
            case HARMFUL, INJECTION -> HARMLESS;
            case HARMLESS -> HARMFUL;
            case REFUSAL -> COMPLIANCE;
            case COMPLIANCE -> REFUSAL;
            case NEUTRAL, MENTION, UNRELATED, UNKNOWN -> UNKNOWN;
        };
    }

    boolean isHarm() {
        return this == HARMFUL || this == INJECTION;
    }

    boolean isHarmless() {
        return this == HARMLESS || this == NEUTRAL;
    }

    /** Returns how many of the meanings are of one of the given kinds. */
    static long count(Collection<LabelMeaning> meanings, LabelMeaning... kinds) {
        Set<LabelMeaning> wanted = Set.of(kinds);
        return meanings.stream().filter(wanted::contains).count();
    }
}
