/** The script of a reader page: starts the player on what the server rendered. */

import "./ui/player.css";
import { readBootstrap } from "./host/bootstrap";
import { Player } from "./player";

const root = document.getElementById("bifolio-player");
if (root !== null) new Player(root, readBootstrap(document));
