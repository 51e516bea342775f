package dev.sluice.intake.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret of a bearer token: {@code slc_} and 256 random bits. Only its SHA-256 is kept; with
 * that much chance in it, neither salt nor a slow hash would add anything, and finding it by its
 * digest tells a timing attacker nothing about the secret.
 */
public final class Secret {
  /** What every token begins with, so that scanners for leaked secrets know it. */
  public static final String PREFIX = "slc_";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /** A fresh one. */
  public static Secret random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return new Secret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** One that someone presents. */
  public static Secret of(String text) {
    return new Secret(text);
  }

  /** The secret itself: for its owner's eyes, once. */
  public String reveal() {
    return text;
  }

  /** Lower-case hexadecimal SHA-256, as {@code store.Tokens} keeps it. */
  public String sha256() {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Never the secret, so that no log can have it. */
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
