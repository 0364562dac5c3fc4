package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The tokenizer classes of Hugging Face's transformers that read a {@code tokenizer.json} and change it in one of the
 * known ways. As in {@code AutoTokenizer}, a class is named by {@code tokenizer_class}, with or without {@code Fast} at
 * the end, or follows from the {@code model_type}. Classes without a fast form, which read other files, and those that
 * change the special tokens around a text are not among them. Immutable, hence thread-safe.
 *
 * @param name its name without {@code Fast}
 * @param normalization what the class does to a {@code BertNormalizer}
 * @param tokenTypes whether its {@code model_input_names} have token types by default
 * @param specialTokens the special tokens that it has by default
 * @see <a href="https://github.com/huggingface/transformers/blob/v4.57.6/src/transformers/models/auto/tokenization_auto.py">the
 *     reference implementation</a>
 */
record TokenizerClass(String name, Normalization normalization, boolean tokenTypes, List<String> specialTokens) {
    /** What a class does to a {@code BertNormalizer}. */
    enum Normalization {
        /** It is kept. */
        KEPT,
        /** Lower case and accents are set; by default, letters become lower case. */
        CASE,
        /** Lower case, accents and Chinese characters are set; by default, letters become lower case. */
        CASE_AND_CHINESE
    }

    private static final String FAST = "Fast";
    private static final String TOKENIZER = "Tokenizer";
    private static final List<String> BRACKETS = List.of("[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]");
    private static final List<String> ANGLES = List.of("<s>", "</s>", "<unk>", "<pad>", "<mask>");
    private static final List<String> MIXED = List.of("[CLS]", "[SEP]", "<unk>", "<pad>", "[MASK]");
    private static final List<String> END_OF_TEXT = List.of("<|endoftext|>");

    /** The classes by their names without {@code Tokenizer}. */
    private static final Map<String, TokenizerClass> CLASSES = Map.ofEntries(
            named("Albert", Normalization.KEPT, true, MIXED),
            named("Barthez", Normalization.KEPT, false, ANGLES),
            named("Bart", Normalization.KEPT, false, ANGLES),
            named("Bert", Normalization.CASE_AND_CHINESE, true, BRACKETS),
            named("BigBird", Normalization.KEPT, false, ANGLES),
            named("Camembert", Normalization.KEPT, false, ANGLES),
            named("CodeGen", Normalization.KEPT, false, END_OF_TEXT),
            named("ConvBert", Normalization.CASE_AND_CHINESE, true, BRACKETS),
            named("Deberta", Normalization.KEPT, true, BRACKETS),
            named("DebertaV2", Normalization.KEPT, true, BRACKETS),
            named("DistilBert", Normalization.CASE_AND_CHINESE, false, BRACKETS),
            named("Electra", Normalization.CASE_AND_CHINESE, true, BRACKETS),
            named("FNet", Normalization.KEPT, true, MIXED),
            named(
                    "Funnel",
                    Normalization.CASE_AND_CHINESE,
                    true,
                    List.of("<unk>", "<sep>", "<pad>", "<cls>", "<mask>")),
            named("GPT2", Normalization.KEPT, false, END_OF_TEXT),
            named("Herbert", Normalization.KEPT, true, ANGLES),
            named("LED", Normalization.KEPT, false, ANGLES),
            named("Longformer", Normalization.KEPT, false, ANGLES),
            named("Lxmert", Normalization.CASE_AND_CHINESE, true, BRACKETS),
            named("MPNet", Normalization.CASE, false, List.of("<s>", "</s>", "[UNK]", "<pad>", "<mask>")),
            named("MobileBert", Normalization.CASE_AND_CHINESE, true, BRACKETS),
            named("PreTrained", Normalization.KEPT, true, List.of()),
            named("Qwen2", Normalization.KEPT, false, END_OF_TEXT),
            named("RemBert", Normalization.KEPT, true, MIXED),
            named("RetriBert", Normalization.CASE_AND_CHINESE, false, BRACKETS),
            named("Roberta", Normalization.KEPT, false, ANGLES),
            named("SqueezeBert", Normalization.CASE_AND_CHINESE, true, BRACKETS),
            named("T5", Normalization.KEPT, false, List.of("</s>", "<unk>", "<pad>")),
            named("XLMRoberta", Normalization.KEPT, false, ANGLES),
            named("XLNet", Normalization.KEPT, true, List.of("<s>", "</s>", "<unk>", "<sep>", "<pad>", "<cls>")));

    /** The names of classes that differ from that of the model type. */
    private static final Map<String, String> BY_MODEL_TYPE = Map.ofEntries(
            Map.entry("data2vec-text", "Roberta"),
            Map.entry("ernie", "Bert"),
            Map.entry("ibert", "Roberta"),
            Map.entry("mega", "Roberta"),
            Map.entry("megatron-bert", "Bert"),
            Map.entry("modernbert", "PreTrained"),
            Map.entry("mra", "Roberta"),
            Map.entry("nezha", "Bert"),
            Map.entry("nystromformer", "Albert"),
            Map.entry("qdqbert", "Bert"),
            Map.entry("roberta-prelayernorm", "Roberta"),
            Map.entry("xlm-roberta-xl", "XLMRoberta"),
            Map.entry("xmod", "XLMRoberta"),
            Map.entry("yoso", "Albert"));

    private static Map.Entry<String, TokenizerClass> named(
            String name, Normalization normalization, boolean tokenTypes, List<String> specialTokens) {
        return Map.entry(name, new TokenizerClass(name + TOKENIZER, normalization, tokenTypes, specialTokens));
    }

    /** Returns the class of this name. */
    static Optional<TokenizerClass> named(String name) {
        String plain = name.endsWith(FAST) ? name.substring(0, name.length() - FAST.length()) : name;
        if (plain.equals("TokenizersBackend")) { // the name since transformers 5
            return named("PreTrainedTokenizer");
        }
        return plain.endsWith(TOKENIZER)
                ? Optional.ofNullable(CLASSES.get(plain.substring(0, plain.length() - TOKENIZER.length())))
                : Optional.empty();
    }

    /** Returns the class of a model that names none. */
    static Optional<TokenizerClass> ofModelType(String modelType) {
        String known = BY_MODEL_TYPE.get(modelType);
        if (known != null) {
            return named(known + TOKENIZER);
        }
        String squeezed = modelType.replace("-", "").replace("_", "");
        return CLASSES.values().stream()
                .filter(one -> !one.name.equals("PreTrainedTokenizer"))
                .filter(one -> one.name.toLowerCase(Locale.ROOT).equals(squeezed + "tokenizer"))
                .findFirst();
    }
}
