// The emoji names that people and apps commonly write; an unknown name stays as typed.

const NAMES = `smile 😄|smiley 😃|grinning 😀|slightly_smiling_face 🙂|wink 😉|joy 😂|sweat_smile 😅|thinking_face 🤔|neutral_face 😐|confused 😕|cry 😢|sob 😭|rage 😡|heart_eyes 😍|sunglasses 😎|sleeping 😴
heart ❤️|blue_heart 💙|green_heart 💚|yellow_heart 💛|broken_heart 💔|sparkles ✨|star ⭐|star2 🌟|fire 🔥|boom 💥|zap ⚡|tada 🎉|confetti_ball 🎊|gift 🎁|trophy 🏆|medal 🏅|rocket 🚀|ship 🚢|package 📦|truck 🚚
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|clap 👏|raised_hands 🙌|pray 🙏|wave 👋|muscle 💪|point_right 👉|point_left 👈|point_up ☝️|point_down 👇|handshake 🤝|eyes 👀|brain 🧠|speech_balloon 💬
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|exclamation ❗|question ❓|bangbang ‼️|information_source ℹ️|rotating_light 🚨|sos 🆘|octagonal_sign 🛑|construction 🚧
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|white_circle ⚪|black_circle ⚫|large_green_square 🟩|large_red_square 🟥|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|repeat 🔁|arrows_counterclockwise 🔄|hourglass ⌛|hourglass_flowing_sand ⏳
memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|calendar 📅|date 📅|spiral_calendar_pad 🗓️|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|file_folder 📁|page_facing_up 📄|link 🔗|paperclip 📎|pushpin 📌|round_pushpin 📍|mag 🔍|lock 🔒|unlock 🔓|key 🔑|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|inbox_tray 📥|outbox_tray 📤|email 📧|phone 📞|computer 💻|bug 🐛|wrench 🔧|hammer 🔨|gear ⚙️|bulb 💡|books 📚|ticket 🎫|label 🏷️|moneybag 💰|credit_card 💳|alarm_clock ⏰|stopwatch ⏱️|sunny ☀️|cloud ☁️|snowflake ❄️|coffee ☕|pizza 🍕|cake 🍰|beers 🍻|dog 🐶|cat 🐱|robot_face 🤖|ghost 👻|seedling 🌱|deciduous_tree 🌳|earth_africa 🌍|globe_with_meridians 🌐|100 💯|new 🆕|soon 🔜|ok 🆗|house 🏠|office 🏢`;

export const EMOJI = new Map(NAMES.split(/[|\n]/).map((pair) => pair.split(" ")));

export const emoji = (name) => EMOJI.get(String(name).replace(/::skin-tone-\d$/, "").replace(/^:|:$/g, "")) || null;
