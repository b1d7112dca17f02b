drop table ai_drawings;
