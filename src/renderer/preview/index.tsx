/** The preview window's entry. */
import "../shared/base.css";
