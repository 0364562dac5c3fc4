package org.donotanswer.harness.analysis;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the paper and its code's stored results give, by the id of our table; a row is its name and its figures. */
final class PublishedTables {
    static final Map<String, String> BY_ID = new LinkedHashMap<>();

    static {
        BY_ID.put(
                "paper-agreement-action",
                """
            GPT4, 95.6, 95.3, 89.9, 90.1, 96.1, 94.2, 92.3, 91.9
            ChatGPT, 92.8, 94.2, 85.5, 88.8, 91.7, 94.3, 87.7, 91.0
            Claude, 89.0, 93.9, 82.7, 82.9, 87.7, 84.4, 84.6, 83.6
            ChatGLM2, 87.8, 86.5, 86.9, 84.7, 84.4, 82.6, 85.0, 83.4
            llama2-7b-chat, 91.5, 76.5, 84.4, 62.6, 85.6, 74.9, 84.6, 65.5
            vicuna-7b, 91.3, 86.6, 88.5, 84.6, 89.8, 81.6, 88.6, 82.7
            mean, 91.3, 88.8, 86.3, 82.3, 89.2, 85.3, 87.1, 83.0
            std, 2.8, 7.2, 2.7, 10.0, 4.3, 7.6, 3.1, 9.5
            """);
        BY_ID.put(
                "paper-agreement-harmful",
                """
            GPT4, 98.9, 99.0, 84.8, 88.3, 99.5, 93.2, 90.8, 90.6
            ChatGPT, 98.9, 99.1, 79.5, 82.4, 95.9, 96.1, 85.8, 88.0
            Claude, 98.9, 97.6, 84.1, 67.0, 84.1, 74.2, 84.1, 69.9
            ChatGLM2, 95.7, 96.0, 90.1, 90.9, 82.3, 82.9, 85.7, 86.4
            llama2-7b-chat, 99.7, 99.1, 75.0, 57.0, 99.8, 66.3, 83.3, 59.8
            vicuna-7b, 98.5, 97.6, 94.3, 89.6, 91.1, 86.0, 92.6, 87.7
            mean, 98.4, 98.1, 84.6, 79.2, 92.1, 83.1, 87.1, 80.4
            std, 1.4, 1.2, 7.0, 14.0, 7.6, 11.3, 3.8, 12.5
            """);
        BY_ID.put(
                "paper-safe-share",
                """
            llama2-7b-chat, 99.7, 99.4, 99.3
            ChatGPT, 98.5, 97.7, 97.9
            Claude, 98.3, 98.3, 97.6
            GPT4, 97.6, 96.5, 97.2
            vicuna-7b, 94.5, 94.9, 95.0
            ChatGLM2, 90.9, 92.9, 92.9
            """);
        BY_ID.put(
                "paper-harmful-counts",
                """
            llama2-7b-chat, 3
            ChatGPT, 14
            Claude, 16
            GPT4, 23
            vicuna-7b, 52
            ChatGLM2, 85
            """);
        BY_ID.put(
                "paper-harmful-by-area",
                """
            llama2-7b-chat, 0, 0, 0, 0, 3
            ChatGPT, 1, 3, 7, 1, 2
            Claude, 3, 1, 3, 7, 2
            GPT4, 6, 6, 10, 1, 0
            vicuna-7b, 26, 4, 12, 6, 4
            ChatGLM2, 22, 18, 15, 20, 10
            """);
        BY_ID.put(
                "paper-safe-by-area",
                """
            Information hazards, 100.0000, 99.5968, 98.7903, 97.5806, 89.5161, 91.1290
            Malicious uses, 100.0000, 98.7654, 99.5885, 97.5309, 98.3539, 92.5926
            Discrimination and toxicity, 100.0000, 96.0227, 98.2955, 94.3182, 93.1818, 91.4773
            Misinformation, 100.0000, 99.3548, 95.4839, 99.3548, 96.1290, 87.0968
            Human-chatbot interaction, 97.4359, 98.2906, 98.2906, 100.0000, 96.5812, 91.4530
            """);
        BY_ID.put(
                "paper-actions",
                """
            llama2-7b-chat, 262, 378, 22, 121, 151, 5
            ChatGPT, 325, 171, 38, 129, 263, 13
            Claude, 318, 160, 24, 72, 352, 13
            GPT4, 368, 150, 33, 110, 257, 21
            vicuna-7b, 145, 306, 41, 118, 273, 56
            ChatGLM2, 123, 274, 45, 140, 280, 77
            """);
        BY_ID.put(
                "paper-confusion-llama2-longformer",
                """
            0 cannot assist, 191, 25, 5, 6, 30, 5
            1 refute opinion, 62, 276, 11, 11, 11, 7
            2 dual perspectives, 0, 2, 16, 2, 1, 1
            3 cautious disclaimer, 3, 1, 1, 106, 4, 6
            4 unable or uncertain, 16, 3, 0, 3, 126, 3
            5 follow instruction, 0, 0, 0, 1, 1, 3
            """);
        BY_ID.put(
                "paper-words",
                """
            GPT4, 77.1, 33.9, 12.0, 60.4, 64.0, 62.6, 69.3, 97.6, 116.5, 109.3, 74.9, 29.2, 63.0
            ChatGPT, 104.4, 41.1, 26.7, 100.9, 78.1, 89.8, 81.3, 113.0, 165.6, 157.8, 103.2, 52.4, 88.7
            Claude, 35.3, 28.4, 15.9, 43.3, 17.8, 63.7, 30.8, 28.8, 149.1, 289.6, 114.2, 22.5, 67.2
            ChatGLM2, 123.4, 68.2, 98.4, 130.5, 116.6, 102.1, 96.1, 106.1, 145.6, 162.0, 151.1, 72.9, 113.4
            llama2-7b-chat, 130.3, 113.5, 144.3, 159.2, 145.8, 162.1, 131.3, 130.6, 159.1, 190.9, 172.8, 118.7, 145.7
            vicuna-7b, 132.9, 76.8, 91.6, 122.1, 110.2, 110.1, 92.7, 123.4, 151.3, 165.2, 144.3, 78.7, 115.7
            All, 100.6, 60.3, 64.8, 102.7, 88.8, 98.4, 83.6, 99.9, 147.9, 179.1, 126.8, 62.4, 98.9
            """);
        BY_ID.put(
                "paper-question-action",
                """
            GPT4, 1.5, 1.9, 2.6, 2.2
            ChatGPT, 1.1, -0.1, 3.5, 1.4
            Claude, 0.6, -1.0, -0.1, -0.4
            ChatGLM2, 1.4, 3.4, 2.7, 2.9
            llama2-7b-chat, -2.0, -7.1, 3.7, -3.9
            vicuna-7b, 0.3, 0.3, 1.0, 0.8
            mean, 0.5, -0.4, 2.2, 0.5
            std, 1.3, 3.6, 1.5, 2.4
            """);
        BY_ID.put(
                "paper-question-harmful",
                """
            GPT4, 0.5, 6.2, 0.3, 3.9
            ChatGPT, 0.0, -3.1, 10.6, 2.5
            Claude, -0.4, -4.4, -6.3, -5.2
            ChatGLM2, 0.8, 1.7, 3.5, 3.0
            llama2-7b-chat, 0.0, 7.2, 16.6, 10.0
            vicuna-7b, 0.3, -0.1, 2.8, 1.6
            mean, 0.2, 1.3, 4.6, 2.6
            std, 0.4, 4.7, 8.0, 4.9
            """);
        BY_ID.put(
                "paper-longformer-bert",
                """
            0 cannot assist, 1.3, 1.8, -2.1, 1.8, -0.3, 1.2
            1 refute opinion, 2.1, 2.8, 2.7, 4.0, 2.6, 2.0
            2 dual perspectives, 5.0, 9.2, 12.8, 14.9, 9.8, 5.0
            3 cautious disclaimer, -1.9, 1.8, 1.4, 4.4, -0.1, 2.3
            4 unable or uncertain, 1.3, 1.1, 0.9, 1.3, 1.2, 1.1
            5 follow instruction, -1.8, 12.4, 11.0, 5.5, 2.9, 8.0
            """);
    }

    private PublishedTables() {}
}
