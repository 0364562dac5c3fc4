package org.donotanswer.classifier.transformer;

/** Says in a process of its own why DJL's tokenizers do not work there, since a class that failed to load stays so. */
final class TokenizersProbe {
    private TokenizersProbe() {}

    public static void main(String[] arguments) {
        try {
            NativeLibraries.requireTokenizers();
            System.out.print("no failure");
        } catch (IllegalStateException e) {
            System.out.print(e.getMessage());
        }
    }
}
