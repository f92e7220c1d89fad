package dev.kantele.runtime.websocket.deflate;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;

/**
 * RFC 1951 written down once more, slowly: inflates a DEFLATE stream and notes how far back its
 * references go, which the JDK's inflater does not say.
 */
final class SmallInflater {
  private static final int[] LENGTH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] DISTANCE_BASE = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577
  };
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private final ByteArrayOutputStream history = new ByteArrayOutputStream();
  private byte[] input = {};
  private int bit;
  private int farthest;

  /** The longest distance of a reference so far. */
  int farthest() {
    return farthest;
  }

  /** Inflates one message, its tail put back; the window goes on over messages. */
  byte[] message(byte[] compressed) throws DataFormatException {
    input = new byte[compressed.length + 4];
    System.arraycopy(compressed, 0, input, 0, compressed.length);
    input[compressed.length + 2] = (byte) 0xFF;
    input[compressed.length + 3] = (byte) 0xFF;
    bit = 0;
    int before = history.size();
    while (bit < input.length * 8) {
      block();
    }
    byte[] all = history.toByteArray();
    return Arrays.copyOfRange(all, before, all.length);
  }

  private void block() throws DataFormatException {
    if (bits(1) != 0) {
      throw new DataFormatException("a last block");
    }
    switch (bits(2)) {
      case 0 -> stored();
      case 1 -> {
        var lengths = new int[288];
        for (int i = 0; i < 288; i++) {
          lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
        }
        var distances = new int[30];
        Arrays.fill(distances, 5);
        codes(lengths, distances);
      }
      case 2 -> dynamic();
      default -> throw new DataFormatException("block type 3");
    }
  }

  private void stored() throws DataFormatException {
    bit = (bit + 7) / 8 * 8;
    int length = bits(16);
    if (bits(16) != (length ^ 0xFFFF)) {
      throw new DataFormatException("stored lengths");
    }
    for (int i = 0; i < length; i++) {
      history.write(bits(8));
    }
  }

  private void dynamic() throws DataFormatException {
    int literals = bits(5) + 257;
    int distances = bits(5) + 1;
    int codes = bits(4) + 4;
    var order = new int[19];
    for (int i = 0; i < codes; i++) {
      order[ORDER[i]] = bits(3);
    }
    var lengths = new int[literals + distances];
    int at = 0;
    while (at < lengths.length) {
      int symbol = symbol(order);
      if (symbol < 16) {
        lengths[at++] = symbol;
      } else {
        int value = symbol == 16 ? lengths[at - 1] : 0;
        int times = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
        for (int i = 0; i < times; i++) {
          lengths[at++] = value;
        }
      }
    }
    codes(Arrays.copyOf(lengths, literals), Arrays.copyOfRange(lengths, literals, lengths.length));
  }

  private void codes(int[] literals, int[] distances) throws DataFormatException {
    while (true) {
      int symbol = symbol(literals);
      if (symbol == 256) {
        return;
      }
      if (symbol < 256) {
        history.write(symbol);
      } else {
        int of = symbol - 257;
        int length = LENGTH_BASE[of] + bits(of < 8 || of == 28 ? 0 : (of - 4) / 4);
        int code = symbol(distances);
        int distance = DISTANCE_BASE[code] + bits(code < 2 ? 0 : (code - 2) / 2);
        farthest = Math.max(farthest, distance);
        byte[] seen = history.toByteArray();
        if (distance > seen.length) {
          throw new DataFormatException("a distance of " + distance);
        }
        for (int i = 0; i < length; i++) {
          history.write(seen[seen.length - distance + i % distance]);
        }
      }
    }
  }

  /** Reads a symbol of the canonical code with these lengths. */
  private int symbol(int[] lengths) throws DataFormatException {
    int code = 0;
    int first = 0;
    for (int length = 1; length < 16; length++) {
      code |= bits(1);
      int count = 0;
      for (int of : lengths) {
        count += of == length ? 1 : 0;
      }
      if (code - first < count) {
        int nth = code - first;
        for (int i = 0; i < lengths.length; i++) {
          if (lengths[i] == length && nth-- == 0) {
            return i;
          }
        }
      }
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new DataFormatException("no code");
  }

  private int bits(int count) throws DataFormatException {
    int value = 0;
    for (int i = 0; i < count; i++, bit++) {
      if (bit >= input.length * 8) {
        throw new DataFormatException("cut short");
      }
      value |= (input[bit / 8] >> (bit % 8) & 1) << i;
    }
    return value;
  }
}
